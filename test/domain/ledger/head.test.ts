import { describe, expect, it } from 'vitest';
import { emptyHead, type Head, isConsistent, treeWith } from '../../../lib/domain/ledger/head.ts';
import type { Order } from '../../../lib/domain/ledger/order.ts';
import { treeHashing } from '../../../lib/ledger/tree-hash.ts';

const order = (first: number, ...bodies: string[]): Order => ({
  first,
  entries: bodies.map((body, at) => ({
    pk: 'entry#a',
    sk: String(first + at),
    leaf: treeHashing.leaf(body),
    shard: 0,
  })),
});
const start = emptyHead(treeHashing);
const headOf = (...orders: Order[]): Head =>
  orders.reduce((head, next) => ({ ...head, ...treeWith(head, next, treeHashing) }), start);

describe('treeWith', () => {
  it('depends on the leaves and not on how they were batched', () => {
    expect(headOf(order(0, 'a'), order(1, 'b', 'c'))).toEqual(headOf(order(0, 'a', 'b', 'c')));
  });

  it('refuses a batch that does not follow', () => {
    expect(() => treeWith(start, order(1, 'a'), treeHashing)).toThrow('cannot follow');
  });
});

describe('isConsistent', () => {
  const head = headOf(order(0, 'a', 'b', 'c'));

  it('holds for the empty head and for a grown one', () => {
    expect([start, head].map((one) => isConsistent(one, treeHashing))).toEqual([true, true]);
  });

  it.each([
    { what: 'another root', broken: { ...head, root: treeHashing.empty } },
    { what: 'another peak', broken: { ...head, peaks: [treeHashing.leaf('x'), ...head.peaks.slice(1)] } },
    { what: 'another size', broken: { ...head, size: 4 } },
  ])('does not hold with $what', ({ broken }) => {
    expect(isConsistent(broken, treeHashing)).toBe(false);
  });
});
