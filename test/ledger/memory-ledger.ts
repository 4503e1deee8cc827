import type { Entry } from '../../lib/domain/transaction/entry.ts';
import type { Head } from '../../lib/domain/ledger/head.ts';
import {
  type EntryRef,
  type KeptEntry,
  type Marker,
  nameOf,
  type Order,
} from '../../lib/domain/ledger/order.ts';
import type { SealLedger } from '../../lib/flows/sweeps/seal-ledger.ts';
import type { LedgerReads } from '../../lib/ledger/export.ts';
import { canonical, sha256 } from '../../lib/wire/digest.ts';
import { placed } from './ledger-world.ts';

/** A ledger that stores what it is given, in memory: for orders of events by the thousand. */
export function memoryLedger() {
  let head: Head | undefined;
  const orders = new Map<number, Order>();
  const checkpoints = new Map<number, string>();
  const entries = new Map<string, KeptEntry>();
  const markers = new Map<string, Marker>();
  const keep = <Key, Row>(rows: Map<Key, Row>, key: Key, row: Row): Row => {
    const standing = rows.get(key) ?? row;
    rows.set(key, standing);
    return standing;
  };
  const found = (refs: readonly EntryRef[]) => refs.flatMap((ref) => entries.get(nameOf(ref)) ?? []);

  const ledger: SealLedger['ledger'] = {
    head: async () => head,
    moveHead: async (from, to) => {
      const isUnmoved = head
        ? head.size === from.size && head.root === from.root && head.leftover === from.leftover
        : from.size === 0;
      if (isUnmoved) head = to;
      return isUnmoved;
    },
    order: async (first) => orders.get(first),
    keepOrder: async (order) => keep(orders, order.first, order),
    checkpoint: async (size) => checkpoints.get(size),
    keepCheckpoint: async (size, jws) => keep(checkpoints, size, jws),
    pending: async (shard, limit) =>
      [...markers.values()]
        .filter((marker) => marker.shard === shard)
        .sort((a, b) => (a.sk < b.sk ? -1 : 1))
        .slice(0, limit),
    entries: async (refs) => found(refs),
    forget: async ({ sk }) => void markers.delete(sk),
  };

  const reads: LedgerReads = {
    order: async (first) => orders.get(first),
    checkpoint: async (size) => checkpoints.get(size),
    entries: async (refs) => found(refs),
    markers: async (refs) => refs.flatMap(({ sk }) => markers.get(sk) ?? []),
    rows: async function* () {
      // as a scan does: each part as it is when the scan comes to it
      const steps = [
        () => [...markers.values()].map((marker) => ({ row: 'pending', ...marker }) as const),
        () => [...orders.values()].map((order) => ({ row: 'order', ...order }) as const),
        () => [...entries.values()].map((entry) => ({ row: 'entry', ...entry }) as const),
        () => [...checkpoints].map(([size, jws]) => ({ row: 'checkpoint', size, jws }) as const),
      ];
      for (const step of steps) {
        await Promise.resolve();
        yield* step();
      }
    },
  };

  return {
    ledger,
    reads,
    append: (entry: Entry, shard: number): void => {
      const body = canonical(entry);
      const ref = placed(entry);
      entries.set(nameOf(ref), { ...ref, body });
      markers.set(entry.id, { ...ref, digest: sha256(body), shard });
    },
    markers,
    orders,
    checkpoints,
  };
}
