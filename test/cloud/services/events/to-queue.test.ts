import { describe, expect, it, onTestFinished } from 'vitest';
import { Clock } from '../../clock.ts';
import { createEvents, type Deliver } from './events.ts';
import { createSqs, type MessageAttributes } from '../sqs/sqs.ts';

const call = {
  caller: { accessKeyId: 'AKIATEST', name: 'test' },
  service: 'events',
  operation: 'PutEvents',
  input: {},
  arrivedAt: 0,
};

/** Both services as a world joins them. */
function startWorld() {
  const clock = new Clock();
  const place = { clock, account: '111122223333', region: 'eu-west-2' };
  const sqs = createSqs({ ...place, endpoint: () => 'http://127.0.0.1:1' });
  const deliver: Deliver = async (targetArn, payload, { groupId, attributes, service }) => {
    sqs.send(targetArn, payload, { groupId, attributes: asMessageAttributes(attributes), sender: service });
  };
  const events = createEvents({ ...place, deliver, newId: () => 'event-1' });
  onTestFinished(() => {
    events.close();
    sqs.close();
    clock.stop();
  });
  const put = async () => {
    const Entries = [{ Source: 'bank', DetailType: 'Something', Detail: '{"n":1}' }];
    await events.operations.PutEvents?.({ Entries }, call);
    await events.idle();
  };
  return { sqs, events, put };
}

function asMessageAttributes(attributes: Readonly<Record<string, string>> = {}): MessageAttributes {
  const entries = Object.entries(attributes);
  return Object.fromEntries(
    entries.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
}

describe('a rule with a queue for a target', () => {
  it('puts the event into the queue, under the message group of the target', async () => {
    const { sqs, events, put } = startWorld();
    const { arn } = sqs.createQueue({ name: 'signals' });
    const targets = [{ id: 't', arn, sqsMessageGroupId: 'bank' }];
    events.createRule({ bus: 'default', name: 'r', pattern: { source: ['bank'] }, targets });
    await put();
    const [message] = await sqs.receive(arn, { max: 1 });
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ id: 'event-1', detail: { n: 1 } });
    expect(message?.attributes).toMatchObject({ SenderId: 'events', MessageGroupId: 'bank' });
  });

  it('puts the event into the dead-letter queue with its reason when the queue does not exist', async () => {
    const { sqs, events, put } = startWorld();
    const dead = sqs.createQueue({ name: 'dead' });
    const arn = 'arn:aws:sqs:eu-west-2:111122223333:nowhere';
    const targets = [{ id: 't', arn, deadLetterArn: dead.arn }];
    events.createRule({ bus: 'default', name: 'r', pattern: { source: ['bank'] }, targets });
    await put();
    const [message] = await sqs.receive(dead.arn, { max: 1 });
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ id: 'event-1' });
    expect(message?.messageAttributes).toMatchObject({
      ERROR_CODE: { DataType: 'String', StringValue: 'NO_RESOURCE' },
      TARGET_ARN: { DataType: 'String', StringValue: arn },
    });
  });
});
