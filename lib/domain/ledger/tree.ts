/** Lower-case hex of 32 bytes. */
export type Hash = string;

/** The hash functions of RFC 9162 section 2.1.1, over SHA-256. */
export interface TreeHashing {
  /** SHA-256 of nothing: the root of the empty tree. */
  readonly empty: Hash;
  /** SHA-256(0x00 ‖ the body's UTF-8 bytes). */
  readonly leaf: (body: string) => Hash;
  /** SHA-256(0x01 ‖ left ‖ right). */
  readonly node: (left: Hash, right: Hash) => Hash;
}

/** The roots of the perfect subtrees of a tree, the largest first. Nothing more is needed to add leaves. */
export interface Frontier {
  /** Number of leaves. */
  readonly size: number;
  readonly peaks: readonly Hash[];
}

export const emptyFrontier: Frontier = { size: 0, peaks: [] };

/** Adds leaves at the end. The cost is about one node hash for each leaf and does not depend on the size of the tree. */
export function grow(frontier: Frontier, leaves: readonly Hash[], { node }: TreeHashing): Frontier {
  const peaks = [...frontier.peaks];
  let size = frontier.size;
  for (const leaf of leaves) {
    let carried = leaf;
    // as in binary addition: each trailing 1 bit of `size` is a peak as large as the carried subtree
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = peaks.pop();
      if (left === undefined) throw new RangeError(`a tree of ${size} leaves needs more peaks than it has`);
      carried = node(left, carried);
    }
    peaks.push(carried);
    size += 1;
  }
  return { size, peaks };
}

/** Returns the Merkle tree hash (RFC 9162 section 2.1.1). */
export function rootOf({ peaks }: Frontier, { empty, node }: TreeHashing): Hash {
  return peaks.length === 0 ? empty : peaks.reduceRight((right, left) => node(left, right));
}

/** True where the frontier has one peak for each 1 bit of its size. */
export const isWhole = ({ size, peaks }: Frontier): boolean =>
  peaks.length === size.toString(2).replaceAll('0', '').length;
