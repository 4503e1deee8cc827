import { describe, expect, it } from 'vitest';
import { add, resourceOf, stoppedBy } from '../synth.ts';

const broken = (breakIt: Parameters<typeof stoppedBy>[1]) => stoppedBy('queues-lose-nothing', breakIt);
const unwatched = 'no dead letters, and no alarm with an action at its first visible message';
const endless = 'no dead letters, no schedule whose function takes from it and sends on, and nobody reads it';

describe('queues-lose-nothing', () => {
  it('names a work queue without dead letters, though a function drains it', () => {
    expect(
      broken((stack) => resourceOf(stack, 'Signals/Queue').addPropertyDeletionOverride('RedrivePolicy')),
    ).toEqual([`Signals/Queue/Resource: ${endless}`, `Signals/Queue/Resource: ${unwatched}`]);
  });

  it('takes no dead letters that go nowhere for dead letters', () => {
    const elsewhere = { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:111122223333:gone', maxReceiveCount: 5 };
    expect(
      broken((stack) => resourceOf(stack, 'Plans/Queue').addPropertyOverride('RedrivePolicy', elsewhere)),
    ).toEqual([`Plans/Queue/Resource: ${endless}`, `Plans/Queue/Resource: ${unwatched}`]);
  });

  it('names an end that nobody empties', () => {
    expect(
      broken((stack) =>
        resourceOf(stack, 'ReturnExhaustedHeartbeat/Schedule').addPropertyOverride('Target.Arn', 'arn:other'),
      ),
    ).toEqual([`Exhausted/Queue/Resource: ${endless}`]);
  });

  it('names an end whose function may take from it, and send nowhere', () => {
    expect(
      broken((stack) =>
        resourceOf(stack, 'ReturnExhausted/Role/DefaultPolicy').addPropertyOverride(
          'PolicyDocument.Statement',
          [],
        ),
      ),
    ).toEqual([`Exhausted/Queue/Resource: ${endless}`]);
  });

  it.each(['Exhausted', 'Rejected'])('names %s once its alarm looks at something else', (queue) => {
    expect(
      broken((stack) =>
        resourceOf(stack, `Operations/${queue}/Held/Alarm`).addPropertyOverride(
          'MetricName',
          'SentMessageSize',
        ),
      ),
    ).toEqual([`${queue}/Queue/Resource: ${unwatched}`]);
  });

  it.each([
    ['no action', 'AlarmActions', []],
    ['a threshold that nothing reaches', 'Threshold', 1_000_000],
    ['the other comparison', 'ComparisonOperator', 'LessThanThreshold'],
  ])('names a queue whose alarm has %s', (_, property, value) => {
    expect(
      broken((stack) =>
        resourceOf(stack, 'Operations/Rejected/Held/Alarm').addPropertyOverride(property, value),
      ),
    ).toEqual([`Rejected/Queue/Resource: ${unwatched}`]);
  });

  it('names a queue that was added beside WorkQueue', () => {
    expect(broken((stack) => add(stack, 'AWS::SQS::Queue', {}))).toEqual([
      `Broken: ${endless}`,
      `Broken: ${unwatched}`,
    ]);
  });
});
