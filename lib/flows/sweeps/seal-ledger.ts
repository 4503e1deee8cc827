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
    /** Puts `to` if `from` still stands; whether it did. */
    moveHead(from: Head, to: Head): Promise<boolean>;
    order(first: number): Promise<Order | undefined>;
    /** Puts the row if there is none of this `first`; gives the one that stands. */
    keepOrder(order: Order): Promise<Order>;
    checkpoint(size: number): Promise<string | undefined>;
    /** Puts the JWS if there is none of this size; gives the one that stands. */
    keepCheckpoint(size: number, jws: string): Promise<string>;
    /** The oldest markers of one shard, by ULID. */
    pending(shard: number, limit: number): Promise<readonly Marker[]>;
    /** In no particular order; what is not there is left out. */
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
 * Seals what waits: gives it an order, grows the tree, signs its root. May run at any time, also twice at once, and be
 * ended anywhere: the next run finishes what it finds, and no size ever gets two roots.
 *
 * A batch goes through five steps, each of which happens once or changes nothing: order row, checkpoint, head with
 * `leftover`, markers deleted, head without `leftover`. An order row at N is put only by whoever saw the markers of
 * the batch before N gone, so no entry is ordered twice.
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

/** The head, held against the checkpoint that it caches: nothing grows on a root that was not signed. */
async function trustedHead({ ledger, origin }: SealLedger): Promise<Head> {
  const head = (await ledger.head()) ?? emptyHead(treeHashing);
  if (head.size === 0) return head;
  const jws = await ledger.checkpoint(head.size);
  const said = jws === undefined ? undefined : readCheckpoint(jws);
  const isCached = jws !== undefined && sha256(jws) === head.checkpoint && isConsistent(head, treeHashing);
  if (!isCached || said?.root !== head.root || said.size !== head.size)
    throw new LedgerBroken(`the head of size ${head.size} is not what its checkpoint says`);
  if (said.origin !== origin)
    throw new LedgerBroken(`this ledger was begun as ${said.origin} and is now called ${origin}`);
  return head;
}

/** Deletes the markers of the last batch where a run did not come to it. */
async function tidied(head: Head, { ledger }: SealLedger): Promise<Head> {
  if (head.leftover === null) return head;
  const order = await ledger.order(head.leftover);
  if (!order)
    throw new LedgerBroken(
      `the order row at ${head.leftover}, which the head of ${head.size} needs, is gone`,
    );
  await inParallel(order.entries, forgettingWidth, (entry) => ledger.forget(entry));
  const tidy = { ...head, leftover: null };
  // who was faster did the same
  await ledger.moveHead(head, tidy);
  return tidy;
}

/** Orders the oldest entries that wait; undefined where none does. Another run's order, where it was first. */
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

/** Those whose entry is there, says what its marker says, and stands where it says. The others stay unsealed, and are named. */
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
    deps.log.error('entries that are not what their markers say stay unsealed: look at them', {
      count: unsound.length,
      ids: unsound.slice(0, namedMax),
    });
  return sound;
}

/** Signs the tree with a batch whose order row is durable, and moves the head over it. */
async function seal(head: Head, order: Order, deps: SealLedger): Promise<void> {
  const { ledger, signer, origin } = deps;
  const { size, peaks, root } = treeWith(head, order, treeHashing);
  const said = { origin, size, root, time: rfc3339(deps.now()), previous: head.checkpoint };
  const jws =
    (await ledger.checkpoint(size)) ??
    (await ledger.keepCheckpoint(size, await signCheckpoint(said, signer)));
  const stands = readCheckpoint(jws);
  if (stands?.root !== root || stands.size !== size || stands.previous !== said.previous)
    throw new LedgerBroken(`the checkpoint of size ${size} is not what the order rows up to it give`);
  await ledger.moveHead(head, { size, root, peaks, checkpoint: sha256(jws), leftover: order.first });
}

/** Rows that only change once do not fit together: a person must look before anything more is signed. */
export class LedgerBroken extends Error {
  readonly disposition = 'halt';

  constructor(what: string) {
    super(`${what}: nothing is signed; export the ledger and verify it`);
    this.name = 'LedgerBroken';
  }
}
