/** The right to work a chunk, for at most `leaseSeconds`. */
export interface Lease {
  /** What this or an earlier holder saw active before it revoked, by credential id: milliseconds. */
  readonly seen: ReadonlyMap<string, number>;
  /** Notes what was seen active, before anything is revoked: a crash after the revocation must not lose the control. */
  note(seen: ReadonlyMap<string, number>): Promise<void>;
  /** These need no note any more: their outcomes are committed. */
  settled(ids: readonly string[]): void;
  release(): Promise<void>;
}
