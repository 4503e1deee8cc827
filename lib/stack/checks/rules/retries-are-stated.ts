import type { Finding, Rule } from '../rule.ts';
import { asList, dig, ofType, referred, type Resources } from '../template.ts';

const retries = ['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'] as const;

export const retriesAreStated: Rule = {
  name: 'retries-are-stated',
  promise:
    'Whatever is delivered later than it is accepted says how often, for how long, and where it goes then',
  remedy:
    'Give the target of a rule or schedule a RetryPolicy with both members and a DeadLetterConfig, and a function that ' +
    'one of them calls an EventInvokeConfig of $LATEST with both (configureAsyncInvoke)',
  find: (resources) => {
    const targets = targetsOf(resources);
    const called = new Set(
      targets
        .map(({ target }) => referred(dig(target, 'Arn')) ?? '')
        .filter((id) => resources[id]?.Type === 'AWS::Lambda::Function'),
    );
    return [
      ...targets.flatMap(missingOfTarget),
      ...[...called].flatMap((id) => missingOfFunction(id, resources)),
    ];
  },
};

interface Target {
  readonly resource: string;
  readonly at: string;
  readonly target: unknown;
}

function targetsOf(resources: Resources): readonly Target[] {
  return [
    ...ofType(resources, 'AWS::Events::Rule').flatMap(([resource, { Properties }]) =>
      asList(Properties['Targets']).map((target, index) => ({
        resource,
        at: `Properties.Targets.${index}`,
        target,
      })),
    ),
    ...ofType(resources, 'AWS::Scheduler::Schedule').map(([resource, { Properties }]) => ({
      resource,
      at: 'Properties.Target',
      target: Properties['Target'],
    })),
  ];
}

function missingOfTarget({ resource, at, target }: Target): readonly Finding[] {
  const missing = [
    ...retries
      .filter((name) => dig(target, 'RetryPolicy', name) === undefined)
      .map((name) => `RetryPolicy.${name}`),
    ...(dig(target, 'DeadLetterConfig', 'Arn') === undefined ? ['DeadLetterConfig.Arn'] : []),
  ];
  return missing.map((name) => ({ resource, at, got: `no ${name}` }));
}

function missingOfFunction(id: string, resources: Resources): readonly Finding[] {
  const configs = ofType(resources, 'AWS::Lambda::EventInvokeConfig')
    .map(([, { Properties }]) => Properties)
    .filter((of) => referred(of['FunctionName']) === id && of['Qualifier'] === '$LATEST');
  return retries
    .filter((name) => !configs.some((config) => config[name] !== undefined))
    .map((name) => ({ resource: id, at: 'Properties', got: `no EventInvokeConfig with ${name}` }));
}
