import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { AuthorityId, CaseId } from '../../domain/ids.ts';
import type { Chunk } from '../../domain/case/obligation.ts';
import { signalRetrySeconds } from '../../domain/intake/retry-signal.ts';
import { signalRetryCallMs } from '../../domain/limits.ts';
import type { FailedRecord } from '../lambda/runtime.ts';

/** SendMessageBatch accepts at most this many entries. */
const batchMax = 10;

/**
 * Lets a signal that failed be received again after seconds, and not after the visibility timeout: Lambda leaves the messages that a
 * function names as failed as they are (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html), and SQS takes a new
 * timeout from whoever has the receipt (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html).
 */
export const retrySignalSoon =
  (client: SQSClient, url: string) =>
  async ({ receiptHandle, receives }: FailedRecord): Promise<void> => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: url,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: signalRetrySeconds(receives),
      }),
      { abortSignal: AbortSignal.timeout(signalRetryCallMs) },
    );
  };

/** Wakes the function that walks cases. */
export const plansQueue = (client: SQSClient, url: string) => ({
  wakePlanner: async (id: CaseId): Promise<void> => {
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify({ case: id }) }));
  },
});

/** Wakes workers. The message group is the authority, so that a slow one does not delay the others (fair queue). */
export function obligationsQueue(client: SQSClient, url: string) {
  const body = ({ case: id, shard, authority }: Chunk) => JSON.stringify({ case: id, shard, authority });
  return {
    wakeWorker: async (chunk: Chunk, delaySeconds: number): Promise<void> => {
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: body(chunk),
          MessageGroupId: groupOf(chunk.authority),
          DelaySeconds: delaySeconds,
        }),
      );
    },
    wakeWorkers: async (chunks: readonly Chunk[]): Promise<void> => {
      for (let start = 0; start < chunks.length; start += batchMax) {
        const Entries = chunks.slice(start, start + batchMax).map((chunk, index) => ({
          Id: String(index),
          MessageBody: body(chunk),
          MessageGroupId: groupOf(chunk.authority),
        }));
        const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
        if (Failed.length > 0)
          throw new Error(
            `SQS refused ${Failed.length} of ${Entries.length} messages with ${Failed[0]?.Code}`,
          );
      }
    },
  };
}

/** Sends a message to the queue Rejected for each refused announcement: its sender and the reason, never its content. */
export const rejectedQueue =
  (client: SQSClient, url: string) =>
  async (
    rejection: { readonly code: string; readonly reason: string; readonly digest: string },
    from:
      | {
          readonly id: string;
          readonly source: string;
          readonly account: string;
          readonly time: string;
          readonly 'detail-type': string;
        }
      | undefined,
  ): Promise<void> => {
    const sender = from && {
      id: from.id,
      source: from.source,
      account: from.account,
      time: from.time,
      // cut by code point, so that no surrogate pair is split
      'detail-type': Array.from(from['detail-type']).slice(0, 128).join(''),
    };
    await client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: asciiJson({ ...rejection, ...(sender && { from: sender }) }),
      }),
    );
  };

/** Returns JSON with ASCII characters only: SQS refuses every body that contains U+FFFE or U+FFFF, and senders choose their texts. */
const asciiJson = (value: object): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A MessageGroupId has at most 128 alphanumeric and punctuation characters. An authority's id has the same limits. */
const groupOf = (authority: AuthorityId): string => authority;
