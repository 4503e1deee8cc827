import { Validations } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { acknowledged } from '../../../lib/stack/checks/acknowledged.ts';
import { acknowledgementsIn, packs } from '../../../lib/stack/checks/check-at-synth.ts';
import { rules } from '../../../lib/stack/checks/rules.ts';
import { RescindApp } from '../../../lib/stack/rescind-app.ts';
import { unbundledApp } from '../unbundled.ts';
import { resourceOf, synthesizeBroken } from './synth.ts';

const { stack } = unbundledApp();

/** What the packs find where nothing is acknowledged, as `rule on construct`. */
const found = packs.flatMap((Pack) =>
  new Pack(stack)
    .validateScope(stack)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} on ${constructPath}`),
    ),
);

describe('the stack as it is', () => {
  it('is synthesized without a finding of the CDK, a pack or a rule of ours', () => {
    expect(synthesizeBroken()).toEqual({ error: undefined, reported: [] });
  });

  it('is checked unless the app is told not to', () => {
    const app = new RescindApp({ context: { 'aws:cdk:bundling-stacks': [] }, validated: false });
    resourceOf(app.stack, 'Plans/Queue').addPropertyDeletionOverride('RedrivePolicy');
    expect(() => app.synth()).toThrow('no dead letters');
  });
});

describe('a finding that nobody acknowledged', () => {
  const broken = synthesizeBroken((stack) => {
    new Queue(stack, 'Broken', { encryption: QueueEncryption.UNENCRYPTED });
    (resourceOf(stack, 'Operate/Logs') as CfnLogGroup).kmsKeyId = undefined;
  });

  it('stops the synth, which names it', () => {
    expect(broken.error).toContain('Rescind/Broken/Resource');
    expect(broken.error).toContain('Rescind/Operate/Logs/Resource');
  });

  it.each(['AwsSolutions', 'Serverless', 'NIST.800.53.R5', 'Rescind'])('is reported by %s', (by) => {
    expect(broken.reported.map((one) => one.by)).toContain(by);
  });

  it('stops the synth where it is only a warning', () => {
    const { error, reported } = synthesizeBroken((stack) => {
      (resourceOf(stack, 'Operate/Function') as CfnFunction).tracingConfig = undefined;
    });
    expect(reported.map(({ rule }) => rule)).toEqual(['Serverless-LambdaTracing']);
    expect(error).toContain('WARNING');
  });
});

describe('a rule of ours', () => {
  it('cannot be acknowledged', () => {
    const { error } = synthesizeBroken((broken) => {
      resourceOf(broken, 'Plans/Queue').addPropertyDeletionOverride('RedrivePolicy');
      Validations.of(broken).acknowledge({ id: 'Rescind::queues-lose-nothing', reason: 'in a hurry' });
    });
    expect(error).toContain('PlansQueue');
  });

  it('says what, which resource and what to do', () => {
    const { error } = synthesizeBroken((broken) =>
      resourceOf(broken, 'OperatorDoor/Url').addPropertyOverride('AuthType', 'NONE'),
    );
    expect(error).toMatch(/its AuthType lets in whoever comes/);
    expect(error).toMatch(/Rescind\/OperatorDoor\/Url\/Resource/);
    expect(error).toMatch(/Suggested fix: Authenticate by IAM/);
  });

  it('has a name of its own', () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });
});

describe('what is acknowledged', () => {
  const made = acknowledgementsIn(stack, acknowledged).map(
    ({ id, resource }) => `${id} on ${resource.node.path}`,
  );

  it('is found by a pack, each on the construct where it is acknowledged: nothing is stale', () => {
    expect(made.filter((one) => !found.includes(one))).toEqual([]);
  });

  it.each(acknowledged)('$rule on $on names something', (one) => {
    expect(acknowledgementsIn(stack, [one])).not.toEqual([]);
  });

  it('is ten rules at most: more is no exception any more', () => {
    expect(new Set(acknowledged.map(({ rule }) => rule)).size).toBeLessThanOrEqual(10);
  });

  it('is everything that the packs find', () => {
    expect(found.filter((one) => !made.includes(one))).toEqual([]);
  });

  it('would be told stale on a construct that a pack does not name', () => {
    const unneeded = [{ rule: 'AwsSolutions-SQS3', on: /^Signals\/Queue\/Resource$/, reason: 'none' }];
    const [stale] = acknowledgementsIn(stack, unneeded);
    expect(stale?.resource.node.path).toBe('Rescind/Signals/Queue/Resource');
    expect(found).not.toContain('AwsSolutions-SQS3 on Rescind/Signals/Queue/Resource');
  });
});
