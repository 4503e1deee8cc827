import { randomInt } from 'node:crypto';
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { monotonicFactory } from 'ulid';
import type * as z from 'zod';
import { type Facts, log, logAbout } from './log.ts';

/** ULIDs that sort in the order of their making within this function instance. */
export const newId: () => string = monotonicFactory(() => randomInt(2 ** 32) / 2 ** 32);

export const now = (): number => Date.now();

/** The function's own environment, parsed; names every variable that is missing or wrong. */
export function readEnvironment<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  throw new Error(`the environment of this function is wrong: ${wrong}`);
}

/** The account that a function runs in: `arn:partition:lambda:region:account:function:name`. */
export const accountOf = ({ invokedFunctionArn }: Context): string => invokedFunctionArn.split(':')[4] ?? '';

/**
 * Handles each record of an SQS batch by itself; a record whose handling throws is delivered again. All that is logged meanwhile
 * bears what `describe` may say of the record's body.
 */
export function eachRecord(
  event: SQSEvent,
  context: Context,
  handle: (body: string) => Promise<unknown>,
  describe: (body: string) => Facts = () => ({}),
): Promise<SQSBatchResponse> {
  const processor = new BatchProcessor(EventType.SQS);
  const one = ({ body, messageId }: { readonly body: string; readonly messageId: string }) =>
    logAbout(describe(body), async () => {
      try {
        await handle(body);
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        log.error('record failed: it will be delivered again', { messageId, error: name, reason: message });
        throw error;
      }
    });
  return processPartialResponse(event, one, processor, { context, throwOnFullBatchFailure: false });
}

/** The members of a message of our own, for the log. */
export function ownMessage(body: string): Facts {
  try {
    return JSON.parse(body) as Facts;
  } catch {
    return {};
  }
}
