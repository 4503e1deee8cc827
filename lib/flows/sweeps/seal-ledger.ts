import { emptyHead, type Head, isConsistent, treeWith } from '../../domain/ledger/head.ts';
import { batchEntriesMax, batchesPerRun, forgettingWidth, namedMax } from '../../domain/ledger/limits.ts';
import {
  batchesOf,
  type EntryRef,
  type KeptEntry,
  type Marker,
  nameOf,
  oldestFirst,
  type Order,
  type OrderedEntry,
} from '../../domain/ledger/order.ts';
import { pendingShards } from '../../domain/limits.ts';
import { placeOf } from '../../ledger/entry-body.ts';
import { readCheckpoint, type Signer, signCheckpoint } from '../../ledger/signed-checkpoint.ts';
import { treeHashing } from '../../ledger/tree-hash.ts';
import { sha256 } from '../../wire/digest.ts';
import { type Log, rfc3339 } from '../flow.ts';
import { inParallel } from '../in-parallel.ts';

export interface SealLedger {
  /** All reads are strongly consistent. */
  readonly ledger: {
    head(): Promise<Head | undefined>;
    /** Replaces the head if it is still `from`; returns whether it was. */
    moveHead(from: Head, to: Head): Promise<boolean>;
    order(first: number): Promise<Order | undefined>;
    /** Stores the row if there is none with this `first`; returns the stored one. */
    keepOrder(order: Order): Promise<Order>;
    checkpoint(size: number): Promise<string | undefined>;
    /** Stores the JWS if there is none of this size; returns the stored one. */
    keepCheckpoint(size: number, jws: string): Promise<string>;
    /** The oldest markers of one shard, by ULID. */
    pending(shard: number, limit: number): Promise<readonly Marker[]>;
    /** In no particular order; missing entries are left out. */
    entries(refs: readonly EntryRef[]): Promise<readonly KeptEntry[]>;
    /** Deletes the marker of one entry; it may be gone already. */
    forget(marker: Pick<Marker, 'sk' | 'shard'>): Promise<void>;
  };
  readonly signer: Signer;
  /** The name of this ledger in its checkpoints. */
  readonly origin: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Seals pending entries: orders them, extends the tree, signs its root. May run at any time, also concurrently, and may be
 * stopped anywhere: the next run finishes what it finds, and no size ever has two roots.
 *
 * A batch takes five steps: order row, checkpoint, head with `leftover`, markers deleted, head without `leftover`. Each step
 * happens once or changes nothing. A run writes an order row at N only after the markers of the batch before N are gone, so
 * no entry is ordered twice.
 */
export async function sealLedger(
  deps: SealLedger,
): Promise<{ readonly entries: number; readonly size: number; readonly more: boolean }> {
  let entries = 0;
  for (let batches = 0; ; batches += 1) {
    const head = await tidied(await trustedHead(deps), deps);
    const more = batches === batchesPerRun;
    const order = more
      ? undefined
      : ((await deps.ledger.order(head.size)) ?? (await orderWaiting(head, deps)));
    if (!order) {
      if (entries > 0) deps.log.info('sealed', { entries, size: head.size, more });
      return { entries, size: head.size, more };
    }
    await seal(head, order, deps);
    entries += order.entries.length;
  }
}

/** Reads the head and compares it with the checkpoint that it caches: the tree is never extended from a root that was not signed. */
async function trustedHead({ ledger, origin }: SealLedger): Promise<Head> {
  const head = (await ledger.head()) ?? emptyHead(treeHashing);
  if (head.size === 0) return head;
  const jws = await ledger.checkpoint(head.size);
  const said = jws === undefined ? undefined : readCheckpoint(jws);
  const isCached = jws !== undefined && sha256(jws) === head.checkpoint && isConsistent(head, treeHashing);
  if (!isCached || said?.root !== head.root || said.size !== head.size)
    throw new LedgerBroken(`the head of size ${head.size} does not match its checkpoint`);
  if (said.origin !== origin)
    throw new LedgerBroken(
      `this ledger was begun with the name ${said.origin} and now has the name ${origin}`,
    );
  return head;
}

/** Deletes the markers of the last batch, if the run that sealed it ended before it did so. */
async function tidied(head: Head, { ledger }: SealLedger): Promise<Head> {
  if (head.leftover === null) return head;
  const order = await ledger.order(head.leftover);
  if (!order)
    throw new LedgerBroken(
      `the order row at ${head.leftover}, which the head of size ${head.size} needs, is missing`,
    );
  await inParallel(order.entries, forgettingWidth, (entry) => ledger.forget(entry));
  const tidy = { ...head, leftover: null };
  // if this fails, a concurrent run made the same change
  await ledger.moveHead(head, tidy);
  return tidy;
}

/** Orders the oldest pending entries; undefined if there are none. Returns another run's order if that run was first. */
async function orderWaiting(head: Head, deps: SealLedger): Promise<Order | undefined> {
  const markers: Marker[] = [];
  for (let shard = 0; shard < pendingShards; shard += 1)
    markers.push(...(await deps.ledger.pending(shard, batchEntriesMax)));
  for (const batch of batchesOf(oldestFirst(markers))) {
    const entries = await soundOf(batch, deps);
    if (entries.length > 0) return deps.ledger.keepOrder({ first: head.size, entries });
  }
  return undefined;
}

/**
 * Returns the entries that exist, match the digest of their marker, and are stored under the key that their body names. The others
 * stay unsealed, and the log names them.
 */
async function soundOf(markers: readonly Marker[], deps: SealLedger): Promise<OrderedEntry[]> {
  const kept = new Map((await deps.ledger.entries(markers)).map((entry) => [nameOf(entry), entry.body]));
  const sound: OrderedEntry[] = [];
  const unsound: string[] = [];
  for (const { pk, sk, digest, shard } of markers) {
    const body = kept.get(nameOf({ pk, sk }));
    const place = body === undefined ? undefined : placeOf(body);
    if (body !== undefined && sha256(body) === digest && place?.pk === pk && place.sk === sk)
      sound.push({ pk, sk, leaf: treeHashing.leaf(body), shard });
    else unsound.push(sk);
  }
  if (unsound.length > 0)
    deps.log.error('entries that do not match their markers stay unsealed: compare them with an export', {
      count: unsound.length,
      ids: unsound.slice(0, namedMax),
    });
  return sound;
}

/** Signs the tree with a batch whose order row is stored, and moves the head past it. */
async function seal(head: Head, order: Order, deps: SealLedger): Promise<void> {
  const { ledger, signer, origin } = deps;
  const { size, peaks, root } = treeWith(head, order, treeHashing);
  const said = { origin, size, root, time: rfc3339(deps.now()), previous: head.checkpoint };
  const jws =
    (await ledger.checkpoint(size)) ??
    (await ledger.keepCheckpoint(size, await signCheckpoint(said, signer)));
  const stands = readCheckpoint(jws);
  if (stands?.root !== root || stands.size !== size || stands.previous !== said.previous)
    throw new LedgerBroken(`the checkpoint of size ${size} does not match the order rows up to it`);
  await ledger.moveHead(head, { size, root, peaks, checkpoint: sha256(jws), leftover: order.first });
}

/** Rows that are written once contradict each other: a person must examine them before anything more is signed. */
export class LedgerBroken extends Error {
  readonly disposition = 'halt';

  constructor(what: string) {
    super(`${what}: nothing is signed; export the ledger and verify it`);
    this.name = 'LedgerBroken';
  }
}
