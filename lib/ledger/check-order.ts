import { createHash } from 'node:crypto';
import { byAge, nameOf } from '../domain/ledger/order.ts';
import type { LedgerExport } from './export.ts';
import type { Find } from './problem.ts';

export type Leaf = LedgerExport['orders'][number]['entries'][number];

/** The leaves from index 0 on, up to the first gap. */
export function leavesOf(orders: LedgerExport['orders'], size: number, find: Find): Leaf[] {
  const leaves: Leaf[] = [];
  for (const { first, entries } of orders.toSorted((a, b) => a.first - b.first)) {
    const range = { from: first, to: first + entries.length };
    if (first < leaves.length)
      find('overlap', { range }, `the order row at ${first} covers indexes that another one covers`);
    if (first > leaves.length) {
      const gap = { from: leaves.length, to: first };
      find('missing-order', { range: gap }, `no order row covers ${gap.from} to ${first - 1}`);
      return leaves;
    }
    if (first === leaves.length) leaves.push(...entries);
    // a batch is sealed whole: its order row ends where a checkpoint does
    if (first < size && size < range.to)
      find(
        'inserted',
        { range: { from: size, to: range.to } },
        `the order row at ${first} goes on after the checkpoint of size ${size} that sealed it`,
      );
    entries.forEach((entry, at) => {
      const before = entries[at - 1];
      if (before && byAge(before, entry) > 0)
        find(
          'reordered',
          { entry: { pk: entry.pk, sk: entry.sk } },
          `${nameOf(entry)} stands after a newer one in its batch`,
        );
    });
  }
  if (leaves.length < size) {
    const range = { from: leaves.length, to: size };
    find('missing-order', { range }, `no order row covers ${leaves.length} to ${size - 1}, which are sealed`);
  }
  return leaves;
}

/**
 * The roots at the sizes that are asked for and reached: the stack of RFC 9162 section 2.1.2, written from the text
 * and not from the sealer's code.
 */
export function rootsOf(leaves: readonly string[], sizes: readonly number[]): ReadonlyMap<number, string> {
  const wanted = new Set(sizes);
  const roots = new Map<number, string>();
  const stack: string[] = [];
  const merge = (on: string[]): void => {
    const [left = '', right = ''] = on.splice(-2);
    on.push(sha256(Buffer.concat([Buffer.of(1), Buffer.from(left, 'hex'), Buffer.from(right, 'hex')])));
  };
  leaves.forEach((leaf, at) => {
    stack.push(leaf);
    for (let bits = at; bits % 2 === 1; bits = Math.floor(bits / 2)) merge(stack);
    if (!wanted.has(at + 1)) return;
    const copy = [...stack];
    while (copy.length > 1) merge(copy);
    roots.set(at + 1, copy[0] ?? '');
  });
  return roots;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
