import type { Chunk } from '../../domain/case/obligation.ts';

/** Notes of what was seen active in one chunk. */
export interface SeenNotes {
  /** What this or an earlier worker saw active before it revoked, by credential id: milliseconds since the epoch. */
  readonly seen: ReadonlyMap<string, number>;
  /** Writes down what was seen active, before anything is revoked: a crash after the revocation must not lose the control. */
  note(seen: ReadonlyMap<string, number>): Promise<void>;
  /** Forgets these at the next note: their outcomes are committed. */
  settled(ids: readonly string[]): void;
}

export interface OpenNotes {
  readonly notes: { open(chunk: Chunk): Promise<SeenNotes> };
}
