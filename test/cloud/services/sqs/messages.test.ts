import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { md5OfAttributes } from './message-attributes.ts';
import { nameOfError, receiveBodies, startQueue } from './rig.ts';

const mebibyte = 1024 * 1024;

describe('SendMessage', () => {
  it('hands the message to a consumer with the checksums that the SDK verifies', async () => {
    const { client, url } = await startQueue();
    const sent = await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'naïve ☂' }));
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: url }));
    expect(Messages).toMatchObject([
      { MessageId: sent.MessageId, Body: 'naïve ☂', MD5OfBody: sent.MD5OfMessageBody },
    ]);
  });

  it('carries string, number and binary attributes to those who ask for them', async () => {
    const { client, url } = await startQueue();
    const attributes = {
      'trace.id': { DataType: 'String', StringValue: 'a-1' },
      'trace.depth': { DataType: 'Number', StringValue: '3' },
      raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
    };
    const sent = await client.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', MessageAttributes: attributes }),
    );
    const receive = async (names: string[]) => {
      const { Messages } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: url, MessageAttributeNames: names, VisibilityTimeout: 0 }),
      );
      return Messages?.[0];
    };
    const all = await receive(['All']);
    expect(all?.MessageAttributes).toEqual(attributes);
    expect(all?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(Object.keys((await receive(['trace.*']))?.MessageAttributes ?? {})).toEqual([
      'trace.id',
      'trace.depth',
    ]);
    expect((await receive([]))?.MessageAttributes).toBeUndefined();
  });

  // Vectors that moto's suite recorded from AWS (tests/test_sqs/test_sqs.py).
  it.each([
    ['timestamp', '1493147359900', '235c5c510d26fb653d073faed50ae77c'],
    ['timestamp', '1493147359901', '994258b45346a2cc3f9cbb611aa7af30'],
    ['SOME_Valid.attribute-Name', '1493147359900', '36655e7e9d7c0e8479fa3f3f42247ae7'],
  ])('digests attribute %s = %s as AWS does', (name, value, digest) => {
    expect(md5OfAttributes({ [name]: { DataType: 'Number', StringValue: value } })).toBe(digest);
  });

  it('hides a message for its delay, or else for the delay of the queue', async () => {
    const { client, url, sqs, arn, clock } = await startQueue({ delaySeconds: 60 });
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'default' }));
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'short', DelaySeconds: 10 }));
    expect(sqs.inspect(arn)).toMatchObject({ visible: 0, inFlight: 0, delayed: 2 });
    await clock.advance(10_000);
    expect(await receiveBodies(sqs, arn)).toEqual(['short']);
    await clock.advance(50_000);
    expect(await receiveBodies(sqs, arn)).toContain('default');
  });

  it.each([
    ['an empty body', { MessageBody: '' }, 'MissingParameter'],
    ['no body', { MessageBody: undefined }, 'MissingParameter'],
    ['more than 1 MiB', { MessageBody: 'x'.repeat(mebibyte + 1) }, 'InvalidParameterValue'],
    ['a character that XML does not know', { MessageBody: 'a\u0000b' }, 'InvalidMessageContents'],
    ['a delay above 15 minutes', { MessageBody: 'x', DelaySeconds: 901 }, 'InvalidParameterValue'],
    ['a group id with a blank', { MessageBody: 'x', MessageGroupId: 'a b' }, 'InvalidParameterValue'],
    ['a deduplication id', { MessageBody: 'x', MessageDeduplicationId: 'd' }, 'InvalidParameterValue'],
    [
      'an attribute without a value',
      { MessageBody: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
      'InvalidParameterValue',
    ],
    [
      'an attribute with a reserved name',
      { MessageBody: 'x', MessageAttributes: { 'AWS.a': { DataType: 'String', StringValue: 'x' } } },
      'InvalidParameterValue',
    ],
  ])('refuses %s', async (_, input, name) => {
    const { client, url, sqs, arn } = await startQueue();
    expect(await nameOfError(client.send(new SendMessageCommand({ QueueUrl: url, ...input })))).toBe(name);
    expect(sqs.inspect(arn).messages).toEqual([]);
  });

  it('takes exactly 1 MiB', async () => {
    const { client, url, sqs, arn } = await startQueue();
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x'.repeat(mebibyte) }));
    expect(sqs.inspect(arn).visible).toBe(1);
  });
});

describe('ReceiveMessage', () => {
  it('gives at most the number asked for, one by default, oldest first', async () => {
    const { client, url, sqs, arn } = await startQueue();
    for (const body of ['a', 'b', 'c', 'd']) sqs.send(arn, body);
    const first = await client.send(new ReceiveMessageCommand({ QueueUrl: url }));
    const rest = await client.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 2 }));
    expect(first.Messages?.map(({ Body }) => Body)).toEqual(['a']);
    expect(rest.Messages?.map(({ Body }) => Body)).toEqual(['b', 'c']);
  });

  it('answers without a list when nothing is visible', async () => {
    const { client, url } = await startQueue();
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages).toBeUndefined();
  });

  it('tells the system attributes that it is asked for, by either name of the list', async () => {
    const { client, url, clock } = await startQueue();
    const before = clock.now();
    await client.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', MessageGroupId: 'tenant-1' }),
    );
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MessageSystemAttributeNames: ['All'],
        VisibilityTimeout: 0,
      }),
    );
    const attributes = Messages?.[0]?.Attributes;
    expect(attributes).toMatchObject({
      SenderId: 'test',
      ApproximateReceiveCount: '1',
      MessageGroupId: 'tenant-1',
    });
    expect(Number(attributes?.SentTimestamp)).toBeGreaterThanOrEqual(Math.floor(before));
    expect(Number(attributes?.ApproximateFirstReceiveTimestamp)).toBeGreaterThanOrEqual(
      Number(attributes?.SentTimestamp),
    );
    const again = await client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }),
    );
    expect(again.Messages?.[0]?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  it('waits, and answers as soon as a message comes', async () => {
    const { client, url, sqs, arn } = await startQueue();
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }));
    const second = sqs.receive(arn, { max: 10, waitMs: 20_000 });
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'one' }));
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'two' }));
    const bodies = [
      ...((await waiting).Messages ?? []).map(({ Body }) => Body),
      ...(await second).map(({ body }) => body),
    ];
    expect(new Set(bodies)).toEqual(new Set(['one', 'two']));
  });

  it('answers with nothing when the wait is over by the clock of the world', async () => {
    const { sqs, arn, clock } = await startQueue();
    const waiting = sqs.receive(arn, { max: 1, waitMs: 20_000 });
    await clock.advance(20_000);
    expect(await waiting).toEqual([]);
  });

  it.each([
    ['no message', { MaxNumberOfMessages: 0 }],
    ['eleven messages', { MaxNumberOfMessages: 11 }],
    ['a wait of 21 seconds', { WaitTimeSeconds: 21 }],
    ['an invisibility of more than 12 hours', { VisibilityTimeout: 43_201 }],
  ])('refuses %s', async (_, input) => {
    const { client, url } = await startQueue();
    expect(await nameOfError(client.send(new ReceiveMessageCommand({ QueueUrl: url, ...input })))).toBe(
      'InvalidParameterValue',
    );
  });
});

describe('DeleteMessage', () => {
  it('deletes the message, and may be repeated', async () => {
    const { client, url, sqs, arn } = await startQueue();
    sqs.send(arn, 'x');
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: url }));
    const deletion = { QueueUrl: url, ReceiptHandle: Messages?.[0]?.ReceiptHandle };
    await client.send(new DeleteMessageCommand(deletion));
    await client.send(new DeleteMessageCommand(deletion));
    expect(sqs.inspect(arn)).toMatchObject({ visible: 0, inFlight: 0, messages: [] });
  });

  it('deletes nothing by the handle of an earlier delivery', async () => {
    const { client, url, sqs, arn, clock } = await startQueue({ visibilityTimeoutSeconds: 30 });
    sqs.send(arn, 'x');
    const [first] = await sqs.receive(arn, { max: 1 });
    await clock.advance(30_000);
    const [second] = await sqs.receive(arn, { max: 1 });
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.receiptHandle }));
    expect(sqs.inspect(arn).inFlight).toBe(1);
    sqs.delete(arn, second?.receiptHandle ?? '');
    expect(sqs.inspect(arn).messages).toEqual([]);
  });

  it('deletes by the latest handle also after its visibility timeout', async () => {
    const { sqs, arn, clock } = await startQueue({ visibilityTimeoutSeconds: 30 });
    sqs.send(arn, 'x');
    const [message] = await sqs.receive(arn, { max: 1 });
    await clock.advance(31_000);
    sqs.delete(arn, message?.receiptHandle ?? '');
    expect(sqs.inspect(arn).messages).toEqual([]);
  });

  it('refuses what is no handle, or the handle of another queue', async () => {
    const { client, url, sqs } = await startQueue();
    const other = sqs.createQueue({ name: 'other' });
    sqs.send(other.arn, 'x');
    const [message] = await sqs.receive(other.arn, { max: 1 });
    for (const ReceiptHandle of ['nonsense', message?.receiptHandle])
      expect(await nameOfError(client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle })))).toBe(
        'ReceiptHandleIsInvalid',
      );
  });
});
