import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { receiveBodies, startSqs } from './rig.ts';

async function startPair(maxReceiveCount: number) {
  const cloud = await startSqs();
  const dead = cloud.sqs.createQueue({ name: 'dead', messageRetentionSeconds: 7_200 });
  const live = cloud.sqs.createQueue({
    name: 'live',
    visibilityTimeoutSeconds: 30,
    redrive: { deadLetterArn: dead.arn, maxReceiveCount },
  });
  return { ...cloud, dead, live };
}

describe('the redrive policy', () => {
  it('moves a message instead of delivering it more often than allowed', async () => {
    const { sqs, clock, dead, live } = await startPair(2);
    sqs.send(live.arn, 'poison');
    for (const receiveCount of [1, 2]) {
      expect(await sqs.receive(live.arn, { max: 1 })).toMatchObject([{ receiveCount }]);
      expect(sqs.inspect(dead.arn).messages).toEqual([]);
      await clock.advance(30_000);
    }
    expect(await receiveBodies(sqs, live.arn)).toEqual([]);
    expect(sqs.inspect(live.arn).messages).toEqual([]);
    expect(sqs.inspect(dead.arn).visible).toBe(1);
  });

  it('keeps id, sent time and group of the message, and says where it came from', async () => {
    const { client, sqs, clock, dead, live } = await startPair(1);
    const id = sqs.send(live.arn, 'poison', { groupId: 'tenant-1' });
    const [first] = await sqs.receive(live.arn, { max: 1 });
    await clock.advance(30_000);
    await sqs.receive(live.arn, { max: 1 });
    const { Messages } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: dead.url, MessageSystemAttributeNames: ['All'] }),
    );
    expect(Messages).toMatchObject([
      {
        MessageId: id,
        Attributes: {
          SentTimestamp: String(first?.sentAt),
          MessageGroupId: 'tenant-1',
          ApproximateReceiveCount: '2',
          DeadLetterQueueSourceArn: live.arn,
        },
      },
    ]);
  });

  it('keeps body and message attributes', async () => {
    const { client, sqs, clock, dead, live } = await startPair(1);
    const attributes = {
      TRACE: { DataType: 'String', StringValue: 'a-1' },
      RAW: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
    };
    await client.send(
      new SendMessageCommand({ QueueUrl: live.url, MessageBody: 'naïve ☂', MessageAttributes: attributes }),
    );
    await sqs.receive(live.arn, { max: 1 });
    await clock.advance(30_000);
    await sqs.receive(live.arn, { max: 1 });
    const { Messages } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: dead.url, MessageAttributeNames: ['All'] }),
    );
    expect(Messages).toMatchObject([{ Body: 'naïve ☂', MessageAttributes: attributes }]);
  });

  it('names no source of a message that was sent to the dead-letter queue itself', async () => {
    const { client, sqs, dead } = await startPair(1);
    sqs.send(dead.arn, 'straight', { groupId: 'tenant-1' });
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: dead.url,
        MessageSystemAttributeNames: ['DeadLetterQueueSourceArn', 'MessageGroupId'],
      }),
    );
    expect(Messages?.[0]?.Attributes).toEqual({ MessageGroupId: 'tenant-1' });
  });

  // "Learn how to configure a dead-letter queue redrive": what comes back is a new message with a new time, and a message
  // that is sent again by hand is no different
  it('begins anew for a message that is sent again: id, age and receives', async () => {
    const { sqs, clock, dead, live } = await startPair(2);
    const giveUp = async () => {
      for (let receives = 0; receives < 3; receives += 1) {
        await sqs.receive(live.arn, { max: 1 });
        await clock.advance(30_000);
      }
    };
    const id = sqs.send(live.arn, 'poison');
    await clock.advance(5_400_000);
    await giveUp();
    const [letter] = await sqs.receive(dead.arn, { max: 1 });
    const again = sqs.send(live.arn, letter?.body ?? '');
    sqs.delete(dead.arn, letter?.receiptHandle ?? '');
    expect(again).not.toBe(id);
    expect(await sqs.receive(live.arn, { max: 1 })).toMatchObject([{ receiveCount: 1 }]);
    await clock.advance(30_000);
    expect(sqs.inspect(dead.arn).messages).toEqual([]);
    await giveUp();
    // two hours after the first sending, when the first message would be gone
    await clock.advance(1_800_000);
    expect(sqs.inspect(dead.arn).messages).toMatchObject([{ id: again }]);
  });

  it('moves the message while a consumer waits, and wakes one at the dead-letter queue', async () => {
    const { sqs, clock, dead, live } = await startPair(1);
    sqs.send(live.arn, 'poison');
    await sqs.receive(live.arn, { max: 1 });
    const stillWaiting = sqs.receive(live.arn, { max: 1, waitMs: 60_000 });
    const undertaker = sqs.receive(dead.arn, { max: 1, waitMs: 60_000 });
    await clock.advance(30_000);
    expect(await undertaker).toMatchObject([{ body: 'poison' }]);
    await clock.advance(30_000);
    expect(await stillWaiting).toEqual([]);
  });

  it('counts the retention of the dead-letter queue from the first sending', async () => {
    const { sqs, clock, dead, live } = await startPair(1);
    sqs.send(live.arn, 'poison');
    await clock.advance(3_600_000);
    await sqs.receive(live.arn, { max: 1 });
    await clock.advance(30_000);
    await sqs.receive(live.arn, { max: 1 });
    expect(sqs.inspect(dead.arn).visible).toBe(1);
    await clock.advance(3_600_000);
    expect(sqs.inspect(dead.arn).messages).toEqual([]);
  });

  it('makes the handle of the last delivery stale', async () => {
    const { sqs, clock, dead, live } = await startPair(1);
    sqs.send(live.arn, 'poison');
    const [message] = await sqs.receive(live.arn, { max: 1 });
    await clock.advance(30_000);
    await sqs.receive(live.arn, { max: 1 });
    sqs.delete(live.arn, message?.receiptHandle ?? '');
    expect(sqs.inspect(dead.arn).messages).toHaveLength(1);
  });
});
