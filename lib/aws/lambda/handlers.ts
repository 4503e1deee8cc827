import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type * as z from 'zod';
import { eachRecord, ownMessage } from './runtime.ts';

/** The time that is left to an invocation, in milliseconds. */
export interface Clocked {
  readonly remainingMs: () => number;
}

const clockOf = (context: Context): Clocked => ({ remainingMs: () => context.getRemainingTimeInMillis() });

/** A handler for a schedule: runs one sweep, which ends before the function's time is up. */
export const onSchedule =
  <Deps>(sweep: (deps: Deps & Clocked) => Promise<unknown>, deps: Deps) =>
  (_: unknown, context: Context): Promise<unknown> =>
    sweep({ ...deps, ...clockOf(context) });

/** A handler for a queue of our own messages: one record at a time. A record whose handling throws is delivered again. */
export const onMessages =
  <Schema extends z.ZodType>(
    schema: Schema,
    handle: (message: z.output<Schema>, clock: Clocked) => Promise<unknown>,
  ) =>
  (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
    eachRecord(event, context, {
      handle: (body) => handle(schema.parse(JSON.parse(body)), clockOf(context)),
      describe: ownMessage,
    });
