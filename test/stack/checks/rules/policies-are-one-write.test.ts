import type { CfnResource } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { add, resourceOf, stoppedBy } from '../synth.ts';

const document = {
  Version: '2012-10-17',
  Statement: { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' },
};

describe('policies-are-one-write', () => {
  it('names a statement of a bus that is a resource of its own', () => {
    const found = stoppedBy('policies-are-one-write', (stack) =>
      add(stack, 'AWS::Events::EventBusPolicy', {
        EventBusName: 'signals',
        StatementId: 'NoSource',
        Statement: { Effect: 'Deny', Principal: '*', Action: 'events:PutEvents', Resource: '*' },
      }),
    );
    expect(found).toEqual(['Broken: AWS::Events::EventBusPolicy']);
  });

  it.each([
    [
      'AWS::SQS::QueuePolicy',
      'Plans/Queue',
      (one: CfnResource) => ({ Queues: [one.ref], PolicyDocument: document }),
    ],
    [
      'AWS::SNS::TopicPolicy',
      'Operations/Alarms/Topic',
      (one: CfnResource) => ({ Topics: [one.ref], PolicyDocument: document }),
    ],
    [
      'AWS::SecretsManager::ResourcePolicy',
      'HandleKey/Secret',
      (one: CfnResource) => ({ SecretId: one.ref, ResourcePolicy: document }),
    ],
  ] as const)('names a second %s of %s', (type, path, properties) => {
    const found = stoppedBy('policies-are-one-write', (stack) =>
      add(stack, type, properties(resourceOf(stack, path))),
    );
    expect(found).toEqual([expect.stringMatching(/: \{"Ref":"\w+"\}, as \w+ does$/)]);
  });

  it('is silent about the stack as it is', () => {
    expect(stoppedBy('policies-are-one-write', () => {})).toEqual([]);
  });
});
