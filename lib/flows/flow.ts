import type { Stamp } from '../domain/transaction/stamp.ts';
import type { Commit, Committed, QueuedEvent, Write } from '../domain/transaction/write.ts';
import type { ByOf, MeasureName } from '../wire/metrics/measures.ts';

/** Structured log: codes, ids and counts; never a secret, never a body. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Tells a number to whoever watches: a fact of this invocation, or how things stand. */
export type Measure = <Name extends MeasureName>(name: Name, value: number, ...by: ByOf<Name>) => void;

/** What every flow that writes is given. */
export interface Recorder {
  readonly commit: Commit;
  /** Hands events to the bus and forgets them; those that fail stay in the outbox. */
  readonly send: (events: readonly QueuedEvent[]) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A new ULID. */
  readonly newId: () => string;
  readonly log: Log;
}

export function stampOf(recorder: Pick<Recorder, 'now' | 'newId'>): Stamp {
  const now = recorder.now();
  return { now, at: rfc3339(now), newId: recorder.newId };
}

export const rfc3339 = (ms: number): string => new Date(ms).toISOString();

/** Commits, then sends what the transaction queued: the commit counts, the sending is only early. */
export async function commitAndSend(writes: readonly Write[], recorder: Recorder): Promise<Committed> {
  const committed = await recorder.commit(writes);
  if (!committed.ok) return committed;
  const events = writes.flatMap((write) => (write.kind === 'queue-event' ? [write.event] : []));
  if (events.length > 0) await recorder.send(events);
  return committed;
}

/** The world moved while we decided, more often than we try in one go; the message will come again. */
export class Contended extends Error {
  readonly disposition = 'retry';

  constructor(what: string) {
    super(`${what}: decided anew too often while others wrote; left to the next delivery`);
    this.name = 'Contended';
  }
}
