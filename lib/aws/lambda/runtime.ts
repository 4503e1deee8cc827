import { randomInt } from 'node:crypto';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { monotonicFactory } from 'ulid';
import type * as z from 'zod';
import { type Facts, log, logAbout } from './log.ts';

/** ULIDs that sort in the order of their making within this function instance. */
export const newId: () => string = monotonicFactory(() => randomInt(2 ** 32) / 2 ** 32);

export const now = (): number => Date.now();

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** The function's own environment, parsed; names every variable that is missing or wrong. */
export function readEnvironment<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new Error(`the environment of this function is wrong: ${wrong}`);
}

/** The account that a function runs in: `arn:partition:lambda:region:account:function:name`. */
export const accountOf = ({ invokedFunctionArn }: Context): string => invokedFunctionArn.split(':')[4] ?? '';

/** A record whose handling threw. */
export interface FailedRecord {
  /** Names this delivery of the message. */
  readonly receiptHandle: string;
  /** How often the message was received, this time included. */
  readonly receives: number;
}

export interface RecordHandling {
  readonly handle: (body: string) => Promise<unknown>;
  /** What the log says of a record beside its lines. @default nothing */
  readonly describe?: (body: string) => Facts;
  /** Brings a failed record back before its queue would. @default it waits for the visibility timeout of its queue */
  readonly retrySoon?: (record: FailedRecord) => Promise<void>;
}

/**
 * Handles each record of an SQS batch by itself; a record whose handling throws is delivered again. All that is logged meanwhile
 * bears what `describe` may say of the record's body.
 */
export function eachRecord(
  event: SQSEvent,
  context: Context,
  { handle, describe = () => ({}), retrySoon }: RecordHandling,
): Promise<SQSBatchResponse> {
  const processor = new BatchProcessor(EventType.SQS);
  const one = (record: SQSRecord) =>
    logAbout(describe(record.body), async () => {
      try {
        await handle(record.body);
      } catch (error) {
        const { messageId } = record;
        log.error('record failed: it will be delivered again', { messageId, ...reasonOf(error) });
        if (retrySoon) await tryRetrySoon(record, retrySoon);
        throw error;
      }
    });
  return processPartialResponse(event, one, processor, { context, throwOnFullBatchFailure: false });
}

/** What goes wrong here costs time alone: the record is still in its queue, hidden for the visibility timeout. */
async function tryRetrySoon(
  { receiptHandle, messageId, attributes }: SQSRecord,
  retrySoon: (record: FailedRecord) => Promise<void>,
): Promise<void> {
  try {
    await retrySoon({ receiptHandle, receives: Number(attributes.ApproximateReceiveCount) });
  } catch (error) {
    log.warn('record waits for the visibility timeout of its queue', { messageId, ...reasonOf(error) });
  }
}

function reasonOf(error: unknown): { readonly error: string; readonly reason: string } {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { error: name, reason: message };
}

/** The members of a message of our own, for the log. */
export function ownMessage(body: string): Facts {
  try {
    return JSON.parse(body) as Facts;
  } catch {
    return {};
  }
}
