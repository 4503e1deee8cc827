import type { Order } from './order.ts';
import { emptyFrontier, type Frontier, grow, type Hash, isWhole, rootOf, type TreeHashing } from './tree.ts';

/**
 * The size and root up to which the ledger is sealed. It is a cache: where it is deleted, the sealer reads the order rows from 0 again
 * and computes the same head.
 */
export interface Head extends Frontier {
  readonly root: Hash;
  /** SHA-256 of the stored checkpoint of this size (its compact JWS); null for the empty ledger. */
  readonly checkpoint: Hash | null;
  /** `first` of the last batch while some of its markers may still exist; null once all are deleted. */
  readonly leftover: number | null;
}

export const emptyHead = ({ empty }: TreeHashing): Head => ({
  ...emptyFrontier,
  root: empty,
  checkpoint: null,
  leftover: null,
});

/** Returns the tree with one more batch: a pure function of the order rows. Throws where the batch does not follow the head. */
export function treeWith(head: Head, order: Order, hashing: TreeHashing): Frontier & { readonly root: Hash } {
  if (order.first !== head.size)
    throw new RangeError(`the batch at entry ${order.first} cannot follow a tree of ${head.size} entries`);
  const frontier = grow(
    head,
    order.entries.map(({ leaf }) => leaf),
    hashing,
  );
  return { ...frontier, root: rootOf(frontier, hashing) };
}

/** True where the cached peaks hash to the cached root. */
export const isConsistent = (head: Head, hashing: TreeHashing): boolean =>
  isWhole(head) && rootOf(head, hashing) === head.root;
