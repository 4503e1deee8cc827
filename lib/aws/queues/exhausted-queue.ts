import {
  type BatchResultErrorEntry,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetter, Origin, RefusedLetter } from '../../domain/intake/dead-letter.ts';

/** One batch call of SQS accepts at most this many messages. */
const batchMax = 10;

/**
 * Bytes of all bodies in one batch; a longer body is sent alone. SQS has accepted 1 MiB since August 2025, and 256 KiB before
 * that. It refuses a whole batch that is too long.
 */
const batchBytesMax = 256 * 1024;

/** The URLs of the queues whose dead letters arrive in Exhausted. */
export interface SourceQueues {
  readonly signals: string;
  readonly plans: string;
  readonly obligations: string;
}

/** The queue Exhausted, and the requeueing to Signals; implements `ReturnExhausted` of the flow. */
export function exhaustedQueue(client: SQSClient, url: string, sources: SourceQueues) {
  return {
    exhausted: {
      // a short poll asks only some of SQS's servers and may miss the last few messages: the next minute asks again, and no run waits
      receive: async (): Promise<readonly DeadLetter[]> => {
        const asked = new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: batchMax,
          MessageSystemAttributeNames: ['DeadLetterQueueSourceArn', 'MessageGroupId'],
          MessageAttributeNames: ['RULE_ARN', 'SCHEDULE_ARN'],
        });
        const { Messages = [] } = await client.send(asked);
        return Messages.map((message) => readLetter(message, sources));
      },
      forget: (letters: readonly DeadLetter[]): Promise<readonly RefusedLetter[]> =>
        inBatches(letters, async (batch) => {
          const Entries = batch.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
          return client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
        }),
    },
    // the intake reads only the body: the attributes, in which EventBridge says why it stopped retrying, are left out
    sendSignals: (letters: readonly DeadLetter[]): Promise<readonly RefusedLetter[]> =>
      inBatches(letters, async (batch) => {
        const Entries = batch.map(({ body, group }, index) => ({
          Id: String(index),
          MessageBody: body,
          ...(group !== undefined && { MessageGroupId: group }),
        }));
        return client.send(new SendMessageBatchCommand({ QueueUrl: sources.signals, Entries }));
      }),
  };
}

/** Reads one message. SQS accepts no message without a body, so the defaults are never used. */
function readLetter(message: Message, sources: SourceQueues): DeadLetter {
  const { Body = '', ReceiptHandle = '', Attributes } = message;
  const group = Attributes?.MessageGroupId;
  return {
    origin: originOf(message, sources),
    body: Body,
    receipt: ReceiptHandle,
    ...(group !== undefined && { group }),
  };
}

/**
 * Returns the origin of a message from the attributes that AWS set on it. SQS names the queue from which it moved the message, which is
 * in the same account and region ("ReceiveMessage" and "Using dead-letter queues in Amazon SQS"). That attribute is read first,
 * because senders choose the other message attributes themselves. EventBridge and Scheduler set theirs on undeliverable messages
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html, RULE_ARN, and
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html, SCHEDULE_ARN).
 */
function originOf({ Attributes, MessageAttributes }: Message, sources: SourceQueues): Origin {
  const redrivenFrom = Attributes?.DeadLetterQueueSourceArn;
  if (redrivenFrom !== undefined) {
    const name = redrivenFrom.split(':').at(-1);
    const known = (['signals', 'plans', 'obligations'] as const).find(
      (one) => sources[one].split('/').at(-1) === name,
    );
    return known ?? 'unknown';
  }
  if (MessageAttributes?.['SCHEDULE_ARN']) return 'schedule';
  return MessageAttributes?.['RULE_ARN'] ? 'bus' : 'unknown';
}

/**
 * Makes one call for each batch and returns the refused messages: single entries inside an answer of 200, or a whole batch. A refused
 * batch does not stop the others.
 */
async function inBatches(
  letters: readonly DeadLetter[],
  call: (
    batch: readonly DeadLetter[],
  ) => Promise<{ readonly Failed?: readonly BatchResultErrorEntry[] | undefined }>,
): Promise<readonly RefusedLetter[]> {
  const refused: RefusedLetter[] = [];
  for (const batch of batchesOf(letters)) {
    try {
      const { Failed = [] } = await call(batch);
      for (const { Id, Code = 'unknown' } of Failed) {
        const letter = batch[Number(Id)];
        if (letter) refused.push({ letter, code: Code });
      }
    } catch (error) {
      const code = error instanceof Error ? error.name : 'unknown';
      refused.push(...batch.map((letter) => ({ letter, code })));
    }
  }
  return refused;
}

function batchesOf(letters: readonly DeadLetter[]): readonly (readonly DeadLetter[])[] {
  const batches: DeadLetter[][] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = Buffer.byteLength(letter.body);
    const last = batches.at(-1);
    if (last && last.length < batchMax && bytes + size <= batchBytesMax) {
      last.push(letter);
      bytes += size;
    } else {
      batches.push([letter]);
      bytes = size;
    }
  }
  return batches;
}
