import { describe, expect, it } from 'vitest';
import { roleOfToys, startToyWorld } from './toy-world.ts';

const nobody = 'arn:aws:lambda:eu-west-1:000000000000:function:nobody';
const target = (change: Record<string, unknown> = {}) => ({
  Exhausted: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'exhausted' } },
  Tick: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      Target: {
        Arn: nobody,
        RoleArn: roleOfToys,
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

describe('a schedule that may not invoke its function', () => {
  const without = (Action: string) => ({
    Narrow: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'narrow',
        AssumeRolePolicyDocument: policy({
          Principal: { Service: 'scheduler.amazonaws.com' },
          Action: 'sts:AssumeRole',
        }),
        Policies: [{ PolicyName: 'May', PolicyDocument: policy({ Action, Resource: '*' }) }],
      },
    },
    ...target({
      Arn: { 'Fn::GetAtt': ['operate', 'Arn'] },
      RoleArn: { 'Fn::GetAtt': ['Narrow', 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Exhausted', 'Arn'] } },
    }),
  });
  const policy = (statement: object) => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', ...statement },
  });
  const code = { operate: `export const handler = async () => 'ran';` };

  it('leaves its tick in the queue, with who may not do what', async () => {
    const world = await startToyWorld(code, without('sqs:SendMessage'));
    await world.clock.advance(70_000);
    const arn = world.stack.of('AWS::SQS::Queue')[0]?.arn ?? '';
    const [message] = await world.sqs.receive(arn, { max: 1 });
    expect(message?.messageAttributes['ERROR_MESSAGE']?.StringValue).toMatch(
      /assumed-role\/narrow\/scheduler is not authorized to perform: lambda:InvokeFunction on resource: .*:operate /,
    );
  });

  it('loses its tick where it may not send either', async () => {
    const world = await startToyWorld(code, without('sqs:ReceiveMessage'));
    await world.clock.advance(70_000);
    const arn = world.stack.of('AWS::SQS::Queue')[0]?.arn ?? '';
    expect(world.sqs.inspect(arn).messages).toEqual([]);
    expect(world.iam.denials.at(-1)).toContain('sqs:sendmessage');
  });
});
