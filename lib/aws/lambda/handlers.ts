import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type * as z from 'zod';
import { eachRecord, ownMessage } from './runtime.ts';

/** The remaining time of an invocation, in milliseconds. */
export interface Clocked {
  readonly remainingMs: () => number;
}

const clockOf = (context: Context): Clocked => ({ remainingMs: () => context.getRemainingTimeInMillis() });

/** Returns a handler for a schedule: it runs one sweep, which ends before the function's timeout. */
export const onSchedule =
  <Deps>(sweep: (deps: Deps & Clocked) => Promise<unknown>, deps: Deps) =>
  (_: unknown, context: Context): Promise<unknown> =>
    sweep({ ...deps, ...clockOf(context) });

/** Returns a handler for a queue of Rescind's own messages, one record at a time. A record whose handling throws is delivered again. */
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
