import type { Chunk } from '../../domain/case/obligation.ts';

/** Notes on the credentials of one chunk that were seen active. */
export interface SeenNotes {
  /** When an earlier worker saw a credential active before it revoked: milliseconds since the epoch, by credential id. */
  readonly seen: ReadonlyMap<string, number>;
  /** Stores when credentials were seen active, before anything is revoked: a crash after the revocation must not lose the control. */
  note(seen: ReadonlyMap<string, number>): Promise<void>;
  /** Leaves these credentials out of the next note: their outcomes are committed. */
  settled(ids: readonly string[]): void;
}

export interface OpenNotes {
  readonly notes: { open(chunk: Chunk): Promise<SeenNotes> };
}
