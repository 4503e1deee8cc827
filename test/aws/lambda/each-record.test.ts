import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { eachRecord, type FailedRecord } from '../../../lib/aws/lambda/runtime.ts';

const record = (messageId: string, receives: number): SQSRecord => ({
  messageId,
  receiptHandle: `receipt of ${messageId}`,
  body: messageId,
  attributes: {
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: '0',
    SenderId: 'x',
    SentTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:Signals',
  awsRegion: 'eu-west-1',
});
const event: SQSEvent = { Records: [record('good', 1), record('bad', 3), record('worse', 1)] };
const context = {} as Context;
const handle = (body: string) =>
  body === 'good' ? Promise.resolve() : Promise.reject(new Error(`${body} fails`));
const failed = { batchItemFailures: [{ itemIdentifier: 'bad' }, { itemIdentifier: 'worse' }] };

describe('eachRecord', () => {
  it('names the records that failed, and leaves them to their queue', async () => {
    expect(await eachRecord(event, context, { handle })).toEqual(failed);
  });

  it('brings each of them back soon, by what names this delivery, and no other', async () => {
    const retried: FailedRecord[] = [];
    const retrySoon = async (one: FailedRecord) => void retried.push(one);
    expect(await eachRecord(event, context, { handle, retrySoon })).toEqual(failed);
    expect(retried).toEqual([
      { receiptHandle: 'receipt of bad', receives: 3 },
      { receiptHandle: 'receipt of worse', receives: 1 },
    ]);
  });

  it('names them all the same where that fails', async () => {
    const retrySoon = () => Promise.reject(new Error('SQS is busy'));
    expect(await eachRecord(event, context, { handle, retrySoon })).toEqual(failed);
  });
});
