import {
  type BatchResultErrorEntry,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetter, Origin, RefusedLetter } from '../../domain/intake/dead-letter.ts';

/** One batch call of SQS takes at most this many. */
const batchMax = 10;

/**
 * Together the bodies of one batch are at most this long, and a longer one goes alone. SQS takes 1 MiB since August 2025
 * and took 256 KiB before; a batch that is too long is refused whole.
 */
const batchBytesMax = 256 * 1024;

/** Queues by what comes from them, by URL. */
export interface SourceQueues {
  readonly signals: string;
  readonly plans: string;
  readonly obligations: string;
}

/** The queue Exhausted, and the way back to Signals: see `ReturnExhausted` of the flow. */
export function exhaustedQueue(client: SQSClient, url: string, sources: SourceQueues) {
  return {
    exhausted: {
      // a short poll asks a part of SQS's servers and may miss the last few: the next minute asks again, and no run waits
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
    // the body is all that intake reads: why EventBridge gave up (its attributes) stays behind
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

/** A message without a body is none that SQS takes. */
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
 * Where the message came from, by what AWS wrote on it. SQS names the queue that it was redriven from, which is in the same
 * account and region ("ReceiveMessage" and "Using dead-letter queues in Amazon SQS"), and is asked first, since whoever sends
 * to a queue chooses the message attributes. EventBridge and Scheduler put theirs on what they could not deliver
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
 * Calls once for each batch and gives what was refused: an entry by itself, inside an answer of 200, or a whole batch, which
 * does not keep the others back.
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
