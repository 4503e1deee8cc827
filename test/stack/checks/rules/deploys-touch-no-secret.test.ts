import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { add, resourceOf, stoppedBy } from '../synth.ts';

const broken = (breakIt: Parameters<typeof stoppedBy>[1]) => stoppedBy('deploys-touch-no-secret', breakIt);

describe('deploys-touch-no-secret', () => {
  it('names a rotation schedule, though it says not to rotate at once', () => {
    const RotateImmediatelyOnUpdate = false;
    expect(
      broken((stack) => add(stack, 'AWS::SecretsManager::RotationSchedule', { RotateImmediatelyOnUpdate })),
    ).toEqual([
      'Broken: AWS::SecretsManager::RotationSchedule, which rotates, at the deploy unless told otherwise',
    ]);
  });

  it.each(['AWS::CloudFormation::CustomResource', 'Custom::Revoke', 'Custom::Trigger'])(
    'names a %s',
    (type) => {
      expect(broken((stack) => add(stack, type, { ServiceToken: 'arn:aws:lambda:::revoke' }))).toEqual([
        `Broken: ${type}, which runs code of ours in the middle of a deploy`,
      ]);
    },
  );

  it.each(['LambdaHook', 'Macro'])('names a %s, which calls a function at each deploy', (type) => {
    expect(broken((stack) => add(stack, `AWS::CloudFormation::${type}`, {}))).toHaveLength(1);
  });

  it('names the value that the secrets of the CDK generate', () => {
    expect(broken((stack) => new Secret(stack, 'Broken'))).toEqual([
      'Broken/Resource: a value by GenerateSecretString',
    ]);
  });

  it('names a value in the template', () => {
    expect(
      broken((stack) => resourceOf(stack, 'HandleKey/Secret').addPropertyOverride('SecretString', 'guess')),
    ).toEqual(['HandleKey/Secret: a value by SecretString']);
  });
});
