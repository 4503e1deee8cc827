import { createHash } from 'node:crypto';
import { decodeTime, isValid } from 'ulid';
import { lateMs } from '../domain/ledger/limits.ts';
import { type EntryRef, nameOf } from '../domain/ledger/order.ts';
import type { Leaf } from './check-order.ts';
import { placeOf } from './entry-body.ts';
import type { LedgerExport } from './export.ts';
import type { Find } from './problem.ts';

/** Each entry against the order and the markers; gives those that wait for their seal. */
export function holdEntries(
  exported: LedgerExport,
  order: {
    /** What the newest checkpoint covers. */
    readonly sealed: readonly Leaf[];
    /** No order row is missing: what none names is in none. */
    readonly isWhole: boolean;
  },
  find: Find,
): EntryRef[] {
  const bodies = bodiesOf(exported.entries, find);
  const ordered = holdOrdered(exported.orders, bodies, find);
  const waiting = holdWaiting(exported.pending, { bodies, ordered }, find);

  const newestSealed = Math.max(0, ...lastBatchOf(exported.orders, order.sealed.length).map(timeOf));
  const sealed = new Set(order.sealed.map(nameOf));
  const unsealed = exported.entries.filter((entry) => !sealed.has(nameOf(entry))).map(refOf);
  for (const entry of unsealed) {
    const name = nameOf(entry);
    if (ordered.has(name)) continue;
    // where order rows are missing, it may have been theirs
    if (!waiting.has(name) && order.isWhole)
      find('inserted', { entry }, `${name} is in no order row, and no marker has it wait for one`);
    if (waiting.has(name) && isLate(entry, newestSealed))
      find('inserted', { entry }, `${name} is older than entries that were sealed without it`);
  }
  return unsealed;
}

/** The bodies by name, each held against its place. */
function bodiesOf(entries: LedgerExport['entries'], find: Find): ReadonlyMap<string, string> {
  const bodies = new Map<string, string>();
  for (const row of entries) {
    const [name, entry] = [nameOf(row), refOf(row)];
    if (bodies.has(name)) find('duplicate', { entry }, `${name} is there twice`);
    bodies.set(name, row.body);
    const place = placeOf(row.body);
    if (!place) find('misfiled', { entry }, `${name} is no canonical entry`);
    else if (nameOf(place) !== name) find('misfiled', { entry }, `${name} says that it is ${nameOf(place)}`);
  }
  return bodies;
}

/** The index of each entry that an order row names, signed or not, held against its body. */
function holdOrdered(
  orders: LedgerExport['orders'],
  bodies: ReadonlyMap<string, string>,
  find: Find,
): ReadonlyMap<string, number> {
  const ordered = new Map<string, number>();
  for (const { first, entries } of orders) {
    for (const [at, leaf] of entries.entries()) {
      const [name, index] = [nameOf(leaf), first + at];
      const where = { entry: refOf(leaf), range: { from: index, to: index + 1 } };
      if (ordered.has(name))
        find('duplicate', where, `${name} is ordered at ${ordered.get(name)} and at ${index}`);
      ordered.set(name, index);
      const body = bodies.get(name);
      if (body === undefined) find('deleted', where, `${name}, entry ${index} of the order, is not there`);
      else if (leafOf(body) !== leaf.leaf)
        find('edited', where, `${name}, entry ${index} of the order, is not what was ordered`);
    }
  }
  return ordered;
}

/** The names that markers give; the unsealed tail is held against them. */
function holdWaiting(
  pending: LedgerExport['pending'],
  known: { readonly bodies: ReadonlyMap<string, string>; readonly ordered: ReadonlyMap<string, number> },
  find: Find,
): ReadonlySet<string> {
  const waiting = new Set<string>();
  for (const marker of pending) {
    const [name, entry] = [nameOf(marker), refOf(marker)];
    waiting.add(name);
    // a marker that its sealer has not deleted yet
    if (known.ordered.has(name)) continue;
    const body = known.bodies.get(name);
    if (body === undefined) find('deleted', { entry }, `${name} waits for its seal, and is not there`);
    else if (sha256(body) !== marker.digest) find('edited', { entry }, `${name} is not what its marker says`);
  }
  return waiting;
}

const lastBatchOf = (orders: LedgerExport['orders'], size: number): readonly Leaf[] =>
  orders.find(({ first, entries }) => first < size && first + entries.length >= size)?.entries ?? [];

/** The sealer takes the oldest first: this one was not there, or not waiting, when newer ones were sealed. */
const isLate = (entry: EntryRef, newestSealed: number): boolean =>
  isValid(entry.sk) && timeOf(entry) < newestSealed - lateMs;

const timeOf = ({ sk }: EntryRef): number => (isValid(sk) ? decodeTime(sk) : 0);

const refOf = ({ pk, sk }: EntryRef): EntryRef => ({ pk, sk });

const leafOf = (body: string): string => sha256(Buffer.concat([Buffer.of(0), Buffer.from(body, 'utf8')]));

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
