import { describe, expect, it } from 'vitest';
import { startToyWorld } from './toy-world.ts';

const nobody = 'arn:aws:lambda:eu-west-1:000000000000:function:nobody';
const target = (change: Record<string, unknown> = {}) => ({
  Exhausted: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'exhausted' } },
  Tick: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      Target: {
        Arn: nobody,
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 },
        ...change,
      },
    },
  },
});

describe('a schedule whose function is gone', () => {
  it('leaves its tick in the queue that the template names, and says whose it is', async () => {
    const world = await startToyWorld(
      {},
      target({ DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Exhausted', 'Arn'] } } }),
    );
    await world.clock.advance(70_000);
    const arn = world.stack.of('AWS::SQS::Queue')[0]?.arn ?? '';
    const [message] = await world.sqs.receive(arn, { max: 1 });
    expect(message?.messageAttributes).toMatchObject({
      SCHEDULE_ARN: { DataType: 'String', StringValue: expect.stringContaining(':schedule/default/') },
      TARGET_ARN: { StringValue: nobody },
      ERROR_CODE: { StringValue: 'ResourceNotFoundException' },
    });
    expect(message?.attributes).not.toHaveProperty('DeadLetterQueueSourceArn');
  });

  it('leaves nothing where the template names no queue', async () => {
    const world = await startToyWorld({}, target());
    await world.clock.advance(70_000);
    const arn = world.stack.of('AWS::SQS::Queue')[0]?.arn ?? '';
    expect(world.sqs.inspect(arn).messages).toEqual([]);
  });
});
