import type { Order } from './order.ts';
import { emptyFrontier, type Frontier, grow, type Hash, isWhole, rootOf, type TreeHashing } from './tree.ts';

/**
 * How far the ledger is sealed. A cache: whoever deletes it has the sealer walk the order rows from 0 again and
 * end at the same head.
 */
export interface Head extends Frontier {
  readonly root: Hash;
  /** SHA-256 of the checkpoint of this size, as it stands (the compact JWS); null for the empty ledger. */
  readonly checkpoint: Hash | null;
  /** `first` of the last batch, while markers of it may still be there; null when they are gone. */
  readonly leftover: number | null;
}

export const emptyHead = ({ empty }: TreeHashing): Head => ({
  ...emptyFrontier,
  root: empty,
  checkpoint: null,
  leftover: null,
});

/** The tree with one more batch: a pure function of the order rows up to it. */
export function treeWith(head: Head, order: Order, hashing: TreeHashing): Frontier & { readonly root: Hash } {
  if (order.first !== head.size)
    throw new RangeError(`the batch at ${order.first} does not follow a tree of ${head.size}`);
  const frontier = grow(
    head,
    order.entries.map(({ leaf }) => leaf),
    hashing,
  );
  return { ...frontier, root: rootOf(frontier, hashing) };
}

/** Whether the cached peaks give the cached root. */
export const isConsistent = (head: Head, hashing: TreeHashing): boolean =>
  isWhole(head) && rootOf(head, hashing) === head.root;
