import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { nameOfError, startQueue, startSqs } from './rig.ts';

describe('queues', () => {
  it('have the ARN and the URL of their account', async () => {
    const { client, sqs, url, arn } = await startQueue();
    expect(arn).toBe('arn:aws:sqs:eu-west-2:111122223333:orders');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/111122223333\/orders$/);
    expect((await client.send(new GetQueueUrlCommand({ QueueName: 'orders' }))).QueueUrl).toBe(url);
    expect(() => sqs.createQueue({ name: 'orders' })).toThrow('already exists');
  });

  it('tell their settings and counts', async () => {
    const { sqs, client, clock } = await startSqs();
    const dead = sqs.createQueue({ name: 'dead' });
    const { arn, url } = sqs.createQueue({
      name: 'live',
      visibilityTimeoutSeconds: 180,
      messageRetentionSeconds: 1_209_600,
      redrive: { deadLetterArn: dead.arn, maxReceiveCount: 1_000 },
    });
    for (const body of ['a', 'b', 'c']) sqs.send(arn, body);
    await sqs.receive(arn, { max: 1 });
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: arn,
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '0',
      VisibilityTimeout: '180',
      MessageRetentionPeriod: '1209600',
      MaximumMessageSize: '1048576',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1_000 }),
    });
    expect(Number(Attributes?.CreatedTimestamp)).toBeCloseTo(clock.now() / 1000, -1);
    const some = { QueueUrl: dead.url, AttributeNames: ['RedrivePolicy' as const, 'DelaySeconds' as const] };
    expect((await client.send(new GetQueueAttributesCommand(some))).Attributes).toEqual({
      DelaySeconds: '0',
    });
  });

  it('refuse an attribute that does not exist', async () => {
    const { client, url } = await startQueue();
    const call = client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['toString' as 'All'] }),
    );
    expect(await nameOfError(call)).toBe('InvalidAttributeName');
  });

  it('are emptied by a purge, once per minute', async () => {
    const { client, url, sqs, arn, clock } = await startQueue();
    for (const body of ['a', 'b']) sqs.send(arn, body);
    await sqs.receive(arn, { max: 1 });
    await client.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(sqs.inspect(arn).messages).toEqual([]);
    expect(await nameOfError(client.send(new PurgeQueueCommand({ QueueUrl: url })))).toBe(
      'PurgeQueueInProgress',
    );
    await clock.advance(60_000);
    await client.send(new PurgeQueueCommand({ QueueUrl: url }));
  });

  it('that do not exist are refused by name, URL and ARN', async () => {
    const { client, sqs, url } = await startQueue();
    const send = (QueueUrl: string) => client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    expect(await nameOfError(send(url.replace('orders', 'nowhere')))).toBe('QueueDoesNotExist');
    expect(await nameOfError(send(url.replace('111122223333', '999999999999')))).toBe('QueueDoesNotExist');
    expect(await nameOfError(send(`${url}/more`))).toBe('InvalidAddress');
    expect(await nameOfError(client.send(new GetQueueUrlCommand({ QueueName: 'nowhere' })))).toBe(
      'QueueDoesNotExist',
    );
    expect(() => sqs.send('arn:aws:sqs:eu-west-2:111122223333:nowhere', 'x')).toThrow('does not exist');
  });

  it('are not created with settings that SQS refuses', async () => {
    const { sqs } = await startSqs();
    expect(() => sqs.createQueue({ name: 'orders.fifo' })).toThrow('standard queue');
    expect(() => sqs.createQueue({ name: 'q', visibilityTimeoutSeconds: 43_201 })).toThrow(
      'visibilityTimeoutSeconds',
    );
    const redrive = { deadLetterArn: 'arn:aws:sqs:eu-west-2:111122223333:nowhere', maxReceiveCount: 5 };
    expect(() => sqs.createQueue({ name: 'q', redrive })).toThrow('Dead letter target does not exist');
  });

  it('answer an operation that the local SQS does not have as AWS answers an unknown one', async () => {
    const { client } = await startSqs();
    expect(await nameOfError(client.send(new ListQueuesCommand()))).toBe('UnknownOperationException');
  });
});
