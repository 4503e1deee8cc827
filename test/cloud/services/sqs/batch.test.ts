import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { nameOfError, receiveBodies, startQueue } from './rig.ts';

const entries = (count: number, body = 'x') =>
  Array.from({ length: count }, (_, index) => ({ Id: `e${index}`, MessageBody: body }));

describe('SendMessageBatch', () => {
  it('sends ten messages in their order', async () => {
    const { client, url, sqs, arn } = await startQueue();
    const Entries = entries(10).map((entry, index) => ({ ...entry, MessageBody: String(index) }));
    const { Successful, Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(Successful?.map(({ Id }) => Id)).toEqual(Entries.map(({ Id }) => Id));
    expect(Failed).toBeUndefined();
    expect(await receiveBodies(sqs, arn)).toEqual(Entries.map(({ MessageBody }) => MessageBody));
  });

  it('sends the good entries and names the bad ones', async () => {
    const { client, url, sqs, arn } = await startQueue();
    const Entries = [
      { Id: 'good', MessageBody: 'good' },
      { Id: 'late', MessageBody: 'late', DelaySeconds: 901 },
      { Id: 'nul', MessageBody: '\u0000' },
    ];
    const { Successful, Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed?.map(({ Id, Code, SenderFault }) => ({ Id, Code, SenderFault }))).toEqual([
      { Id: 'late', Code: 'InvalidParameterValue', SenderFault: true },
      { Id: 'nul', Code: 'InvalidMessageContents', SenderFault: true },
    ]);
    expect(await receiveBodies(sqs, arn)).toEqual(['good']);
  });

  it.each([
    ['no entry', [], 'EmptyBatchRequest'],
    ['eleven entries', entries(11), 'TooManyEntriesInBatchRequest'],
    ['the same id twice', [...entries(1), ...entries(1)], 'BatchEntryIdsNotDistinct'],
    ['an id with a dot', [{ Id: 'a.b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
    ['more than 1 MiB together', entries(2, 'x'.repeat(600_000)), 'BatchRequestTooLong'],
  ])('refuses %s as a whole', async (_, Entries, name) => {
    const { client, url, sqs, arn } = await startQueue();
    expect(await nameOfError(client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries })))).toBe(
      name,
    );
    expect(sqs.inspect(arn).messages).toEqual([]);
  });
});

describe('DeleteMessageBatch', () => {
  it('deletes what it can and names the handles that are none', async () => {
    const { client, url, sqs, arn } = await startQueue();
    sqs.send(arn, 'a');
    sqs.send(arn, 'b');
    const [a] = await sqs.receive(arn, { max: 1 });
    const Entries = [
      { Id: 'a', ReceiptHandle: a?.receiptHandle },
      { Id: 'none', ReceiptHandle: 'nonsense' },
    ];
    const answer = await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
    expect(answer.Successful).toEqual([{ Id: 'a' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'none', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    expect(sqs.inspect(arn).messages.map(({ body }) => body)).toEqual(['b']);
  });
});

describe('ChangeMessageVisibilityBatch', () => {
  it('changes each entry by itself', async () => {
    const { client, url, sqs, arn } = await startQueue();
    sqs.send(arn, 'a');
    sqs.send(arn, 'b');
    const [a, b] = await sqs.receive(arn, { max: 2 });
    sqs.delete(arn, b?.receiptHandle ?? '');
    const Entries = [
      { Id: 'a', ReceiptHandle: a?.receiptHandle, VisibilityTimeout: 0 },
      { Id: 'b', ReceiptHandle: b?.receiptHandle, VisibilityTimeout: 0 },
    ];
    const answer = await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
    expect(answer.Successful).toEqual([{ Id: 'a' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'b', Code: 'InvalidParameterValue' }]);
    expect(await receiveBodies(sqs, arn)).toEqual(['a']);
  });
});
