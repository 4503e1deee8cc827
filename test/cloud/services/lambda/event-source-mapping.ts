import type { Clock } from '../../clock.ts';
import { readBatchResponse } from './batch-response.ts';
import type { Invocation } from './function.ts';
import { type QueueMessage, sqsEvent } from './sqs-event.ts';

export type { QueueMessage } from './sqs-event.ts';

/** Batches of one mapping that may be at work at once; AWS starts with five and goes to hundreds. */
const concurrencyDefault = 4;

/** One ReceiveMessage gives at most this many (Amazon SQS API Reference, "ReceiveMessage"). */
const receiveMax = 10;

/** The longest that a receive may wait; Lambda polls queues with long polling. */
const waitMsMax = 20_000;

/** How long a poller rests after an empty answer, so that a source that does not wait is not asked without end. */
const restMs = 20;

/** What a mapping asks of a queue. */
export interface MessageSource {
  /**
   * Waits until there is at least one message, at most `waitMs`, and gives up to `max`, hidden for the queue's
   * visibility timeout; gives none, and does not reject, when the waiting time is over or the signal aborts.
   */
  receive(
    queueArn: string,
    options: { readonly max: number; readonly waitMs: number; readonly signal: AbortSignal },
  ): Promise<readonly QueueMessage[]>;
  delete(queueArn: string, receiptHandle: string): void;
}

/** What a mapping asks of Lambda. */
interface Invoker {
  invoke(arn: string, payload: unknown): Promise<Invocation>;
}

export interface MappingSettings {
  readonly lambda: Invoker;
  readonly source: MessageSource;
  readonly functionArn: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** How long an incomplete batch waits for more, on `clock`. @default 0 */
  readonly maximumBatchingWindowSeconds?: number;
  /** Needed with a batching window only. */
  readonly clock?: Clock;
  readonly reportBatchItemFailures: boolean;
  /** @default 4 */
  readonly concurrency?: number;
}

export interface Mapping {
  /** Ends polling, and resolves when the batches in flight are done. Rejects with the error of a broken source. */
  stop(): Promise<void>;
  /**
   * Resolves when no received message is in flight: each is deleted or left to its visibility timeout. It says nothing
   * about messages that still wait in the queue. Rejects with the error of a broken source.
   */
  idle(): Promise<void>;
}

/**
 * Polls a queue, hands batches to a function, deletes what succeeded, and leaves the rest to the visibility timeout
 * (AWS Lambda Developer Guide, "Using Lambda with Amazon SQS", "Handling errors for an SQS event source in Lambda").
 */
export function createMapping(settings: MappingSettings): Mapping {
  refuseContradictions(settings);
  const stopping = new AbortController();
  const flights = new Set<Promise<void>>();
  let broken: { readonly error: unknown } | undefined;

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const first = await receive(settings, settings.batchSize, stopping.signal);
      if (first.length === 0) {
        await rest();
        continue;
      }
      const flight = carry(settings, first, stopping.signal).finally(() => flights.delete(flight));
      flights.add(flight);
      await flight;
    }
  };
  const pollers = Array.from({ length: settings.concurrency ?? concurrencyDefault }, () =>
    poll().catch((error: unknown) => {
      broken ??= { error };
      stopping.abort();
    }),
  );

  const throwIfBroken = (): void => {
    if (broken) throw broken.error;
  };
  return {
    async stop() {
      stopping.abort();
      await Promise.all(pollers);
      throwIfBroken();
    },
    async idle() {
      // what a source has just given is in flight one turn later
      await nextTurn();
      while (flights.size > 0) {
        await Promise.allSettled([...flights]);
        await nextTurn();
      }
      throwIfBroken();
    },
  };
}

/** "CreateEventSourceMapping" in the AWS Lambda API Reference. */
function refuseContradictions(settings: MappingSettings): void {
  const window = settings.maximumBatchingWindowSeconds ?? 0;
  if (settings.batchSize > receiveMax && window < 1)
    throw new Error(
      `a batch size of ${settings.batchSize} (more than ${receiveMax}) needs a batching window of at least 1 second`,
    );
  if (window > 0 && !settings.clock) throw new Error('a batching window needs a clock');
}

function receive(
  { source, queueArn }: MappingSettings,
  missing: number,
  signal: AbortSignal,
): Promise<readonly QueueMessage[]> {
  return source.receive(queueArn, { max: Math.min(missing, receiveMax), waitMs: waitMsMax, signal });
}

async function carry(
  settings: MappingSettings,
  first: readonly QueueMessage[],
  signal: AbortSignal,
): Promise<void> {
  const { lambda, source, functionArn, queueArn } = settings;
  const batch = await fill(settings, first, signal);
  const outcome = await lambda.invoke(functionArn, sqsEvent(queueArn, batch));
  for (const message of succeeded(settings, batch, outcome)) source.delete(queueArn, message.receiptHandle);
}

/** With a batching window: waits until the batch is full or the window ends. */
async function fill(
  settings: MappingSettings,
  first: readonly QueueMessage[],
  signal: AbortSignal,
): Promise<readonly QueueMessage[]> {
  const { batchSize, clock, maximumBatchingWindowSeconds = 0 } = settings;
  if (!clock || maximumBatchingWindowSeconds === 0) return first;
  const closing = new AbortController();
  const timer = clock.after(maximumBatchingWindowSeconds * 1000, () => closing.abort());
  const until = AbortSignal.any([signal, closing.signal]);
  const batch = [...first];
  while (batch.length < batchSize && !until.aborted) {
    const more = await receive(settings, batchSize - batch.length, until);
    batch.push(...more);
    if (more.length === 0) await rest();
  }
  timer.cancel();
  return batch;
}

function succeeded(
  { reportBatchItemFailures }: MappingSettings,
  batch: readonly QueueMessage[],
  outcome: Invocation,
): readonly QueueMessage[] {
  if (!outcome.ok) return [];
  if (!reportBatchItemFailures) return batch;
  const verdict = readBatchResponse(outcome.payload, new Set(batch.map((message) => message.messageId)));
  switch (verdict.kind) {
    case 'all-succeeded':
      return batch;
    case 'some-failed':
      return batch.filter((message) => !verdict.failed.has(message.messageId));
    case 'all-failed':
      return [];
  }
}

function rest(): Promise<void> {
  return new Promise((done) => setTimeout(done, restMs));
}

function nextTurn(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
