import type { Hash } from './tree.ts';

/** A signed tree head. With a copy of it, a reader can later detect every change to the entries that it covers. */
export interface Checkpoint {
  /** The name of the ledger. No two ledgers share a name. */
  readonly origin: string;
  /** Number of entries under the root. */
  readonly size: number;
  readonly root: Hash;
  /** RFC 3339. The time of the signature. */
  readonly time: string;
  /** SHA-256 of the previous checkpoint (its compact JWS, ASCII), lower-case hex; null in the first checkpoint. */
  readonly previous: Hash | null;
}
