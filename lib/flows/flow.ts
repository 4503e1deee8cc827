import type { Stamp } from '../domain/transaction/stamp.ts';
import type { Commit, Committed, QueuedEvent, Write } from '../domain/transaction/write.ts';
import type { ByOf, MeasureName } from '../wire/metrics/measures.ts';

/** Structured log: codes, ids and counts; never a secret, never a body. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** Reports a metric: a count of this invocation, or a current value. */
export type Measure = <Name extends MeasureName>(name: Name, value: number, ...by: ByOf<Name>) => void;

/** The context of every flow that writes: commit, send, clock, ids, log. */
export interface Recorder {
  readonly commit: Commit;
  /** Sends events to the bus and deletes them from the outbox; events that the bus does not accept stay there. */
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

/** Commits, then sends the events that the transaction queued. The outbox would send them too, only later. */
export async function commitAndSend(writes: readonly Write[], recorder: Recorder): Promise<Committed> {
  const committed = await recorder.commit(writes);
  if (!committed.ok) return committed;
  const events = writes.flatMap((write) => (write.kind === 'queue-event' ? [write.event] : []));
  if (events.length > 0) await recorder.send(events);
  return committed;
}

/** Other writers changed the rows during each of the attempts of one run. A later run may succeed. */
export class Contended extends Error {
  readonly disposition = 'retry';

  constructor(what: string) {
    super(`${what}: other writers changed its rows at every attempt; retry later`);
    this.name = 'Contended';
  }
}
