import type { Finding, Rule } from '../rule.ts';
import type { Resources } from '../template.ts';

/** What acts while a deploy runs, with what it would do. */
const acting: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::CustomResource': 'runs code of ours in the middle of a deploy',
  'AWS::CloudFormation::LambdaHook': 'calls a function for each resource of a deploy',
  'AWS::CloudFormation::Macro': 'calls a function to rewrite the template',
  'AWS::SecretsManager::RotationSchedule': 'rotates, at the deploy unless told otherwise',
  'AWS::SecretsManager::SecretTargetAttachment': 'writes a new version of a secret',
};

/** Members of a secret that make its value, and change it when they change. */
const values = ['GenerateSecretString', 'SecretString'] as const;

export const deploysTouchNoSecret: Rule = {
  name: 'deploys-touch-no-secret',
  promise: 'No deploy rotates, revokes, makes or changes a secret, or calls a function of ours',
  remedy:
    'Let a function that a schedule calls do it, with an entry in the ledger (keep-keys, rotate-due); a place for a value is ' +
    'a KeySecret',
  find: (resources) => [...actingOf(resources), ...valuesOf(resources)],
};

function actingOf(resources: Resources): readonly Finding[] {
  return Object.entries(resources).flatMap(([resource, { Type }]) => {
    // `Custom::` is what the CDK's triggers and provider framework are as well
    const does = acting[Type.startsWith('Custom::') ? 'AWS::CloudFormation::CustomResource' : Type];
    return does ? [{ resource, at: 'Type', got: `${Type}, which ${does}` }] : [];
  });
}

function valuesOf(resources: Resources): readonly Finding[] {
  return Object.entries(resources)
    .filter(([, { Type }]) => Type === 'AWS::SecretsManager::Secret')
    .flatMap(([resource, { Properties }]) =>
      values
        .filter((name) => Properties[name] !== undefined)
        .map((name) => ({ resource, at: `Properties.${name}`, got: `a value by ${name}` })),
    );
}
