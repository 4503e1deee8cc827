import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startToyWorld } from './toy-world.ts';

const queue = (QueueName: string) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName } });
const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const lets = (id: string, SourceArn: unknown) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: id }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn(id),
        Condition: { ArnEquals: { 'aws:SourceArn': SourceArn } },
      },
    },
  },
});

/** Sends one event and gives what is in the queue of the rule, and in that of its dead letters. */
const newWorld = async (policies: Readonly<Record<string, unknown>>) => {
  const world = await startToyWorld(
    {},
    {
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
      Signals: queue('signals'),
      Dead: queue('dead'),
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: { Ref: 'Bus' },
          EventPattern: { source: ['bank'] },
          Targets: [{ Id: 'It', Arn: arn('Signals'), DeadLetterConfig: { Arn: arn('Dead') } }],
        },
      },
      ...policies,
    },
  );
  const client = new EventBridgeClient({
    endpoint: world.gateway.endpoint,
    region: 'eu-west-1',
    credentials: world.admit('bank'),
  });
  onTestFinished(() => client.destroy());
  const entry = { EventBusName: 'bus', Source: 'bank', DetailType: 'x', Detail: '{}' };
  await client.send(new PutEventsCommand({ Entries: [entry] }));
  await world.settle();
  const counts = world.stack
    .of('AWS::SQS::Queue')
    .map(({ name, arn: at }) => [name, world.sqs.inspect(at).messages.length] as const);
  return { counts: Object.fromEntries(counts), denials: world.iam.denials };
};

describe('a rule sends', () => {
  it('to a queue whose policy lets this rule', async () => {
    const { counts, denials } = await newWorld({ May: lets('Signals', arn('Rule')) });
    expect(counts).toEqual({ signals: 1, dead: 0 });
    expect(denials).toEqual([]);
  });

  it('at once to its dead letters where the policy lets another one', async () => {
    const other = 'arn:aws:events:eu-west-1:000000000000:rule/bus/other';
    const { counts, denials } = await newWorld({
      May: lets('Signals', other),
      MayBury: lets('Dead', arn('Rule')),
    });
    expect(counts).toEqual({ signals: 0, dead: 1 });
    expect(denials).toEqual([
      expect.stringMatching(
        /^User: events.amazonaws.com is not authorized to perform: sqs:sendmessage on .*:signals /,
      ),
    ]);
  });

  it('nowhere where no policy lets it', async () => {
    const { counts, denials } = await newWorld({});
    expect(counts).toEqual({ signals: 0, dead: 0 });
    expect(denials).toHaveLength(2);
  });
});
