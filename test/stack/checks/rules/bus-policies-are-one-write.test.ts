import { describe, expect, it } from 'vitest';
import { add, stoppedBy } from '../synth.ts';

describe('bus-policies-are-one-write', () => {
  it('names a statement that is a resource of its own', () => {
    const found = stoppedBy('bus-policies-are-one-write', (stack) =>
      add(stack, 'AWS::Events::EventBusPolicy', {
        EventBusName: 'signals',
        StatementId: 'NoSource',
        Statement: { Effect: 'Deny', Principal: '*', Action: 'events:PutEvents', Resource: '*' },
      }),
    );
    expect(found).toEqual(['Broken: AWS::Events::EventBusPolicy']);
  });

  it('is silent about the stack as it is', () => {
    expect(stoppedBy('bus-policies-are-one-write', () => {})).toEqual([]);
  });
});
