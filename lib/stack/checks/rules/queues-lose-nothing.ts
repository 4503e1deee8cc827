import type { Finding, Rule } from '../rule.ts';
import { allowsOf } from '../statements.ts';
import { asList, dig, ofType, referred, type Resources } from '../template.ts';

/** Queues that people read, by the construct that makes them: what lies there waits for somebody. */
const readByPeople: readonly string[] = ['Failed', 'Rejected'];

export const queuesLoseNothing: Rule = {
  name: 'queues-lose-nothing',
  promise: 'A queue has dead letters; one without them is emptied by a function or by people, and watched',
  remedy:
    'Give the queue dead letters (`exhausted` of WorkQueue). An end needs a HeldAlarm, and a function that a schedule calls, that takes ' +
    'from it and sends on, or a place in `readByPeople` of this rule',
  find: (resources) =>
    ofType(resources, 'AWS::SQS::Queue')
      .filter(([id]) => !hasDeadLetters(id, resources))
      .flatMap(([id]) => {
        const finding = (got: string): Finding => ({ resource: id, at: 'Properties.RedrivePolicy', got });
        return [
          ...(isReturned(id, resources) || isReadByPeople(id)
            ? []
            : [
                finding(
                  'no dead letters, no schedule whose function takes from it and sends on, and nobody reads it',
                ),
              ]),
          ...(isWatched(id, resources)
            ? []
            : [finding('no dead letters, and no alarm with an action at its first visible message')]),
        ];
      }),
};

function hasDeadLetters(id: string, resources: Resources): boolean {
  const policy = resources[id]?.Properties['RedrivePolicy'];
  const target = referred(dig(policy, 'deadLetterTargetArn'));
  return (
    target !== undefined &&
    target !== id &&
    resources[target]?.Type === 'AWS::SQS::Queue' &&
    Number(dig(policy, 'maxReceiveCount')) > 0
  );
}

/** The CDK names a resource by the path of its construct and a hash. */
function isReadByPeople(id: string): boolean {
  return readByPeople.includes(id.replace(/Queue[0-9A-F]{8}$/, ''));
}

function isWatched(id: string, resources: Resources): boolean {
  return ofType(resources, 'AWS::CloudWatch::Alarm').some(
    ([, { Properties }]) =>
      Properties['Namespace'] === 'AWS/SQS' &&
      Properties['MetricName'] === 'ApproximateNumberOfMessagesVisible' &&
      Properties['ActionsEnabled'] !== false &&
      asList(Properties['AlarmActions']).length > 0 &&
      soundsForOne(Properties) &&
      asList(Properties['Dimensions']).some(
        (dimension) => dig(dimension, 'Name') === 'QueueName' && referred(dig(dimension, 'Value')) === id,
      ),
  );
}

/** At the first message. */
function soundsForOne({
  ComparisonOperator: is,
  Threshold: threshold,
}: Readonly<Record<string, unknown>>): boolean {
  return (
    (is === 'GreaterThanOrEqualToThreshold' && Number(threshold) <= 1) ||
    (is === 'GreaterThanThreshold' && Number(threshold) < 1)
  );
}

function isReturned(id: string, resources: Resources): boolean {
  const roles = rolesThat('sqs:ReceiveMessage', (target) => target === id, resources).filter((role) =>
    rolesThat(
      'sqs:SendMessage',
      (target) => target !== id && resources[target]?.Type === 'AWS::SQS::Queue',
      resources,
    ).includes(role),
  );
  return ofType(resources, 'AWS::Lambda::Function').some(
    ([name, { Properties }]) =>
      roles.includes(referred(Properties['Role']) ?? '') && isCalled(name, resources),
  );
}

/** The roles that may do this to such a resource. */
function rolesThat(
  action: string,
  to: (target: string) => boolean,
  resources: Resources,
): readonly (string | undefined)[] {
  return allowsOf(resources)
    .filter(
      ({ actions, targets }) => actions.includes(action) && targets.some((one) => to(referred(one) ?? '')),
    )
    .flatMap(({ resource }) => asList(resources[resource]?.Properties['Roles']).map(referred));
}

/** By the clock: a function that Lambda drains a queue into gives back what it could not do, and needs dead letters for it. */
function isCalled(name: string, resources: Resources): boolean {
  return ofType(resources, 'AWS::Scheduler::Schedule').some(
    ([, { Properties }]) => referred(dig(Properties, 'Target', 'Arn')) === name,
  );
}
