import { NestedStack } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { stoppedBy } from '../synth.ts';

describe('one-template', () => {
  it('names a nested stack, whose template nobody here reads', () => {
    const found = stoppedBy('one-template', (stack) => {
      const nested = new NestedStack(stack, 'Nested');
      new CfnQueue(nested, 'Unseen');
    });
    expect(found).toEqual([expect.stringMatching(/^Nested.*: AWS::CloudFormation::Stack$/)]);
  });

  it('is silent about the stack as it is', () => {
    expect(stoppedBy('one-template', () => {})).toEqual([]);
  });
});
