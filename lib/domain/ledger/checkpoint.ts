import type { Hash } from './tree.ts';

/** A signed tree head: whoever keeps one can tell later whether anything up to it was changed. */
export interface Checkpoint {
  /** Which ledger this is: no two share a name. */
  readonly origin: string;
  /** Number of entries under the root. */
  readonly size: number;
  readonly root: Hash;
  /** RFC 3339; when it was signed. */
  readonly time: string;
  /** SHA-256 of the checkpoint before it (its compact JWS, ASCII), lower-case hex; null for the first. */
  readonly previous: Hash | null;
}
