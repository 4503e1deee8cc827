import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { nameOfError, receiveBodies, startQueue } from './rig.ts';

describe('the visibility timeout', () => {
  it('hides a received message until it has passed by the clock of the world', async () => {
    const { client, url, sqs, arn, clock } = await startQueue({ visibilityTimeoutSeconds: 180 });
    sqs.send(arn, 'x');
    await client.send(new ReceiveMessageCommand({ QueueUrl: url }));
    expect(sqs.inspect(arn)).toMatchObject({ visible: 0, inFlight: 1 });
    await clock.advance(170_000);
    expect(await receiveBodies(sqs, arn)).toEqual([]);
    await clock.advance(10_000);
    expect(sqs.inspect(arn)).toMatchObject({ visible: 1, inFlight: 0, messages: [{ receiveCount: 1 }] });
    const [again] = await sqs.receive(arn, { max: 1 });
    expect(again).toMatchObject({ body: 'x', receiveCount: 2 });
  });

  it('may be chosen by the consumer', async () => {
    const { client, url, sqs, arn, clock } = await startQueue();
    sqs.send(arn, 'x');
    await client.send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 5 }));
    await clock.advance(5_000);
    expect(await receiveBodies(sqs, arn)).toEqual(['x']);
  });

  it('wakes a waiting consumer at the instant it ends', async () => {
    const { sqs, arn, clock } = await startQueue({ visibilityTimeoutSeconds: 30 });
    sqs.send(arn, 'x');
    await sqs.receive(arn, { max: 1 });
    const start = clock.now();
    const woken = sqs
      .receive(arn, { max: 1, waitMs: 86_400_000 })
      .then((messages) => ({ messages, at: clock.now() }));
    await clock.advance(30_000);
    const { messages, at } = await woken;
    expect(messages).toMatchObject([{ body: 'x', receiveCount: 2 }]);
    expect(at - start).toBeLessThan(31_000);
  });
});

describe('ChangeMessageVisibility', () => {
  it('extends the timeout from now on', async () => {
    const { client, url, sqs, arn, clock } = await startQueue({ visibilityTimeoutSeconds: 30 });
    sqs.send(arn, 'x');
    const [message] = await sqs.receive(arn, { max: 1 });
    await clock.advance(20_000);
    const change = { QueueUrl: url, ReceiptHandle: message?.receiptHandle, VisibilityTimeout: 60 };
    await client.send(new ChangeMessageVisibilityCommand(change));
    await clock.advance(50_000);
    expect(await receiveBodies(sqs, arn)).toEqual([]);
    await clock.advance(10_000);
    expect(await receiveBodies(sqs, arn)).toEqual(['x']);
  });

  it('gives the message back at once with zero, to one who waits too', async () => {
    const { client, url, sqs, arn } = await startQueue();
    sqs.send(arn, 'x');
    const [message] = await sqs.receive(arn, { max: 1 });
    const waiting = sqs.receive(arn, { max: 1, waitMs: 20_000 });
    const change = { QueueUrl: url, ReceiptHandle: message?.receiptHandle, VisibilityTimeout: 0 };
    await client.send(new ChangeMessageVisibilityCommand(change));
    expect(await waiting).toMatchObject([{ body: 'x', receiveCount: 2 }]);
  });

  it('refuses a message that is visible again, stale, gone, or would be hidden for more than 12 hours', async () => {
    const { client, url, sqs, arn, clock } = await startQueue({ visibilityTimeoutSeconds: 30 });
    sqs.send(arn, 'x');
    const [first] = await sqs.receive(arn, { max: 1 });
    const change = async (handle: string | undefined, VisibilityTimeout = 30): Promise<string> =>
      nameOfError(
        client.send(
          new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout }),
        ),
      );
    await clock.advance(30_000);
    expect(await change(first?.receiptHandle)).toBe('MessageNotInflight');
    const [second] = await sqs.receive(arn, { max: 1 });
    expect(await change(first?.receiptHandle)).toBe('InvalidParameterValue');
    await clock.advance(1_000);
    expect(await change(second?.receiptHandle, 43_200)).toBe('InvalidParameterValue');
    sqs.delete(arn, second?.receiptHandle ?? '');
    expect(await change(second?.receiptHandle)).toBe('InvalidParameterValue');
    expect(await change('nonsense')).toBe('ReceiptHandleIsInvalid');
  });
});

describe('retention', () => {
  it('deletes a message at the age that the queue is set to, in flight or not', async () => {
    const { client, url, sqs, arn, clock } = await startQueue({ messageRetentionSeconds: 3_600 });
    sqs.send(arn, 'old');
    await clock.advance(1_800_000);
    sqs.send(arn, 'young');
    await sqs.receive(arn, { max: 1 });
    await clock.advance(1_800_000);
    expect(await receiveBodies(sqs, arn)).toEqual(['young']);
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    expect(Attributes).toEqual({ ApproximateNumberOfMessagesNotVisible: '1' });
  });
});
