import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { receiveBodies, startSqs } from './cloud.ts';

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
