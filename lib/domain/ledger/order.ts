import { batchEntriesMax, orderBytesMax, orderedEntryBytes } from './limits.ts';
import type { Hash } from './tree.ts';

/** The keys of an entry: partition key `entry#<subject>`, sort key its ULID. */
export interface EntryRef {
  readonly pk: string;
  readonly sk: string;
}

/** An entry as it is stored. Only the body is evidence. */
export interface KeptEntry extends EntryRef {
  /** Canonical JSON (RFC 8785) of an `Entry`. */
  readonly body: string;
}

/** The marker of an entry that is not sealed yet. */
export interface Marker extends EntryRef {
  /** SHA-256 of the body, lower-case hex. */
  readonly digest: string;
  /** The partition of the marker itself. */
  readonly shard: number;
}

/** One place in the order. `leaf` is the entry's leaf in the tree; `shard` is the partition of the marker to delete. */
export interface OrderedEntry extends EntryRef {
  readonly leaf: Hash;
  readonly shard: number;
}

/**
 * One batch: its entries have the indexes `first`, `first + 1` ... Only these rows decide the order of the ledger.
 * Inside a batch entries ascend by ULID, so that a swap is visible without the tree.
 */
export interface Order {
  readonly first: number;
  readonly entries: readonly OrderedEntry[];
}

/** The size of the tree after this batch. */
export const sizeAfter = ({ first, entries }: Order): number => first + entries.length;

/** Returns a unique name of an entry. The separator is a space, because no partition key and no ULID contains one. */
export const nameOf = ({ pk, sk }: EntryRef): string => `${pk} ${sk}`;

/** Sorts markers by ULID, then by partition, and returns each entry once. */
export function oldestFirst(markers: readonly Marker[]): Marker[] {
  const seen = new Set<string>();
  return markers.toSorted(byAge).filter((marker) => {
    const isNew = !seen.has(nameOf(marker));
    seen.add(nameOf(marker));
    return isNew;
  });
}

/** Compares two entries of a batch: negative where `a` precedes `b`. */
export const byAge = (a: EntryRef, b: EntryRef): number => compare(a.sk, b.sk) || compare(a.pk, b.pk);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Splits a list into batches that each fit into one order row. */
export function batchesOf<Ref extends EntryRef>(refs: readonly Ref[]): Ref[][] {
  const batches: Ref[][] = [];
  let bytes = 0;
  for (const ref of refs) {
    // at most three bytes of UTF-8 for each UTF-16 unit
    const more = 3 * (ref.pk.length + ref.sk.length) + orderedEntryBytes;
    const open = batches.at(-1);
    if (open && open.length < batchEntriesMax && bytes + more <= orderBytesMax) {
      open.push(ref);
      bytes += more;
    } else {
      batches.push([ref]);
      bytes = more;
    }
  }
  return batches;
}
