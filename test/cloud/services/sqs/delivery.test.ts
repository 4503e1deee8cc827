import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pickFairly } from './fair-order.ts';
import { receiveBodies, startQueue } from './rig.ts';

// AWS, SQS Developer Guide, "Amazon SQS fair queues".
describe('a noisy group', () => {
  it('shares a batch with the others', async () => {
    const { client, url, sqs, arn } = await startQueue();
    for (let index = 0; index < 50; index += 1) sqs.send(arn, `noisy-${index}`, { groupId: 'noisy' });
    sqs.send(arn, 'quiet-0', { groupId: 'quiet' });
    sqs.send(arn, 'none');
    const { Messages } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 4 }),
    );
    expect(Messages?.map(({ Body }) => Body)).toEqual(['noisy-0', 'quiet-0', 'none', 'noisy-1']);
  });

  it('waits behind a newcomer while its messages are in flight', async () => {
    const { sqs, arn } = await startQueue();
    for (let index = 0; index < 50; index += 1) sqs.send(arn, `noisy-${index}`, { groupId: 'noisy' });
    expect(await receiveBodies(sqs, arn, 10)).toHaveLength(10);
    for (const body of ['quiet-0', 'quiet-1']) sqs.send(arn, body, { groupId: 'quiet' });
    expect(await receiveBodies(sqs, arn, 3)).toEqual(['quiet-0', 'quiet-1', 'noisy-10']);
  });

  it('waits behind a newcomer also when one consumer finishes each message before the next', async () => {
    const { sqs, arn } = await startQueue();
    const workOff = async (): Promise<string | undefined> => {
      const [message] = await sqs.receive(arn, { max: 1 });
      sqs.delete(arn, message?.receiptHandle ?? '');
      return message?.body;
    };
    for (let index = 0; index < 50; index += 1) sqs.send(arn, `noisy-${index}`, { groupId: 'noisy' });
    for (let turn = 0; turn < 5; turn += 1) await workOff();
    sqs.send(arn, 'quiet', { groupId: 'quiet' });
    expect(await workOff()).toBe('quiet');
  });

  it('is served as any other once it has drained', async () => {
    const { sqs, arn } = await startQueue();
    for (let index = 0; index < 5; index += 1) sqs.send(arn, 'x', { groupId: 'noisy' });
    for (const { receiptHandle } of await sqs.receive(arn, { max: 5 })) sqs.delete(arn, receiptHandle);
    sqs.send(arn, 'first', { groupId: 'noisy' });
    sqs.send(arn, 'second', { groupId: 'quiet' });
    expect(await receiveBodies(sqs, arn)).toEqual(['first', 'second']);
  });
});

describe('pickFairly', () => {
  const message = fc.record({ groupId: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }) });

  it('gives out the oldest first where there are no groups', () => {
    const messages = [1, 2, 3].map((n) => ({ n, groupId: undefined }));
    expect(pickFairly(messages, 2, new Map()).map(({ n }) => n)).toEqual([1, 2]);
  });

  it('picks as many as there are and were asked for, each once, and keeps the order inside a group', () => {
    fc.assert(
      fc.property(fc.array(message), fc.integer({ min: 1, max: 10 }), (plain, max) => {
        const messages = plain.map(({ groupId }, n) => ({ groupId, n }));
        const picked = pickFairly(messages, max, new Map());
        expect(picked).toHaveLength(Math.min(max, messages.length));
        for (const groupId of ['a', 'b', 'c', undefined]) {
          const numbers = picked.filter((item) => item.groupId === groupId).map(({ n }) => n);
          const expected = messages.filter((item) => item.groupId === groupId).map(({ n }) => n);
          expect(numbers).toEqual(expected.slice(0, numbers.length));
        }
      }),
    );
  });

  it('never lets two waiting groups differ by more than one in a batch', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c')), (groups) => {
        const messages = groups.map((groupId) => ({ groupId }));
        const picked = pickFairly(messages, 10, new Map());
        const share = (groupId: string): number => picked.filter((item) => item.groupId === groupId).length;
        const unserved = groups.filter(
          (groupId) => share(groupId) < messages.filter((m) => m.groupId === groupId).length,
        );
        for (const waiting of unserved)
          for (const other of groups) expect(share(other) - share(waiting)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('setDelivery', () => {
  it('delivers each message twice, under one id and two handles', async () => {
    const { client, url, sqs, arn } = await startQueue();
    sqs.setDelivery({ duplicate: () => true });
    const id = sqs.send(arn, 'x');
    const receive = async () =>
      (await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }))).Messages ??
      [];
    const [first, second, third] = [await receive(), await receive(), await receive()];
    expect([first, second, third].map((messages) => messages.map(({ MessageId }) => MessageId))).toEqual([
      [id],
      [id],
      [],
    ]);
    expect(first[0]?.ReceiptHandle).not.toBe(second[0]?.ReceiptHandle);
    for (const { ReceiptHandle } of [...first, ...second]) sqs.delete(arn, ReceiptHandle ?? '');
    expect(sqs.inspect(arn).messages).toEqual([]);
  });

  it('delivers the copy also after the original was deleted, and to one who waits', async () => {
    const { sqs, arn } = await startQueue();
    sqs.setDelivery({ duplicate: ({ body }) => body === 'twice' });
    const one = sqs.receive(arn, { max: 1, waitMs: 20_000 });
    const two = sqs.receive(arn, { max: 1, waitMs: 20_000 });
    sqs.send(arn, 'twice');
    expect([await one, await two]).toMatchObject([[{ body: 'twice' }], [{ body: 'twice' }]]);
    sqs.send(arn, 'once');
    expect(await receiveBodies(sqs, arn)).toEqual(['once']);
    expect(await receiveBodies(sqs, arn)).toEqual([]);
  });

  it('copies no copy, however often a message is received', async () => {
    const { sqs, arn, clock } = await startQueue({ visibilityTimeoutSeconds: 30 });
    sqs.setDelivery({ duplicate: () => true });
    sqs.send(arn, 'x');
    for (let turn = 0; turn < 4; turn += 1) {
      await sqs.receive(arn, { max: 10 });
      await sqs.receive(arn, { max: 10 });
      await clock.advance(30_000);
    }
    expect(sqs.inspect(arn).messages).toHaveLength(2);
  });

  it('gives messages out in the order that the random numbers say, and every one', async () => {
    const { sqs, arn } = await startQueue();
    sqs.setDelivery({ shuffle: () => 0.999 });
    for (const body of ['a', 'b', 'c']) sqs.send(arn, body);
    expect(await receiveBodies(sqs, arn, 2)).toEqual(['c', 'b']);
    sqs.setDelivery({});
    sqs.send(arn, 'd');
    expect(await receiveBodies(sqs, arn)).toEqual(['a', 'd']);
  });
});

describe('receive in process', () => {
  it('gives nothing to one who has aborted, and leaves the message to the next', async () => {
    const { sqs, arn } = await startQueue();
    const abort = new AbortController();
    const waiting = sqs.receive(arn, { max: 1, waitMs: 60_000, signal: abort.signal });
    abort.abort();
    expect(await waiting).toEqual([]);
    sqs.send(arn, 'x');
    expect(await sqs.receive(arn, { max: 1, signal: abort.signal })).toEqual([]);
    expect(await receiveBodies(sqs, arn)).toEqual(['x']);
  });

  it('serves waiting consumers in turn, and answers them all when SQS closes', async () => {
    const { sqs, arn } = await startQueue();
    const [first, second, third] = [1, 2, 3].map(() => sqs.receive(arn, { max: 1, waitMs: 60_000 }));
    sqs.send(arn, 'a');
    sqs.send(arn, 'b');
    expect([await first, await second]).toMatchObject([[{ body: 'a' }], [{ body: 'b' }]]);
    sqs.close();
    expect(await third).toEqual([]);
    expect(await sqs.receive(arn, { max: 1, waitMs: 60_000 })).toEqual([]);
  });
});
