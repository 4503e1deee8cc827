import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyHead, type Head } from '../../lib/domain/ledger/head.ts';
import { sealLedger, type SealLedger } from '../../lib/flows/sweeps/seal-ledger.ts';
import { treeHashing } from '../../lib/ledger/tree-hash.ts';
import { startTables, type World } from '../aws/world.ts';
import { entryOf, openLedger, wrapped } from './ledger-world.ts';
import { memoryLedger } from './memory-ledger.ts';
import { makeSigner } from './signer.ts';

let world: World;
let kms: Awaited<ReturnType<typeof makeSigner>>;
beforeAll(async () => {
  world = await startTables();
  kms = await makeSigner();
});
afterAll(() => world.close());

const leaf = treeHashing.leaf('a');
const start = emptyHead(treeHashing);
const headOf = (size: number, leftover: number | null): Head => ({
  size,
  root: leaf,
  peaks: [leaf],
  checkpoint: leaf,
  leftover,
});
const order = (first: number, sk: string) => ({
  first,
  entries: [{ pk: 'entry#a', sk, leaf, shard: 0 }],
});

/** What the sealer leans on; the double in memory keeps it as the table does. */
const stores: Readonly<Record<string, () => Promise<SealLedger['ledger']>>> = {
  'the table': async () => (await openLedger(world.client, kms.signer)).deps.ledger,
  'the double in memory': async () => memoryLedger().ledger,
};

describe.each(Object.entries(stores))('%s', (_, open) => {
  it('has no head, order or checkpoint at first', async () => {
    const store = await open();
    expect([await store.head(), await store.order(0), await store.checkpoint(1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('keeps the first order of an index, and gives it to whoever comes later', async () => {
    const store = await open();
    expect(await store.keepOrder(order(0, '1'))).toEqual(order(0, '1'));
    expect(await store.keepOrder(order(0, '2'))).toEqual(order(0, '1'));
    expect(await store.order(0)).toEqual(order(0, '1'));
  });

  it('keeps the first checkpoint of a size, and gives it to whoever comes later', async () => {
    const store = await open();
    expect(await store.keepCheckpoint(1, 'first')).toBe('first');
    expect(await store.keepCheckpoint(1, 'second')).toBe('first');
    expect(await store.checkpoint(1)).toBe('first');
  });

  it('moves the head only from where it stands', async () => {
    const store = await open();
    expect(await store.moveHead(start, headOf(1, 0))).toBe(true);
    expect(await store.moveHead(start, headOf(2, 0))).toBe(false);
    expect(await store.moveHead(headOf(1, null), headOf(2, 1))).toBe(false);
    expect(await store.moveHead(headOf(2, 0), headOf(3, 2))).toBe(false);
    expect(await store.head()).toEqual(headOf(1, 0));
    expect(await store.moveHead(headOf(1, 0), headOf(1, null))).toBe(true);
    expect(await store.moveHead(headOf(1, null), headOf(2, 1))).toBe(true);
    expect(await store.head()).toEqual(headOf(2, 1));
  });
});

describe('the pending markers of a shard', () => {
  it('come oldest first, no more than asked for, and go once', async () => {
    const ledger = await openLedger(world.client, kms.signer);
    const entries = Array.from({ length: 40 }, (_, number) => entryOf(number));
    await ledger.append(...entries.toReversed());
    const shards = await Promise.all(
      Array.from({ length: 8 }, (_, shard) => ledger.deps.ledger.pending(shard, 100)),
    );
    expect(
      shards
        .flat()
        .map(({ sk }) => sk)
        .toSorted(),
    ).toEqual(entries.map(({ id }) => id));
    const full = shards.find((markers) => markers.length > 1) ?? [];
    expect(full.map(({ sk }) => sk)).toEqual(full.map(({ sk }) => sk).toSorted());
    const [oldest] = full;
    if (!oldest) throw new Error('no shard has two markers');
    expect(await ledger.deps.ledger.pending(oldest.shard, 1)).toEqual([oldest]);
    await ledger.deps.ledger.forget(oldest);
    await ledger.deps.ledger.forget(oldest);
    expect(await ledger.deps.ledger.pending(oldest.shard, 1)).toEqual([full[1]]);
  });
});

describe('a sealer that was slow', () => {
  it('does not take the head back over what others sealed meanwhile', async () => {
    const ledger = await openLedger(world.client, kms.signer);
    await ledger.append(entryOf(0));
    let heads = 0;
    const slow = wrapped(ledger.deps, async (call, _, name) => {
      if (name !== 'moveHead' || (heads += 1) > 1) return call();
      await sealLedger(ledger.deps);
      await ledger.append(entryOf(1), entryOf(2));
      await sealLedger(ledger.deps);
      const moved = await call();
      expect(moved).toBe(false);
      expect((await ledger.deps.ledger.head())?.size).toBe(3);
      return moved;
    });
    expect(await sealLedger(slow)).toMatchObject({ size: 3 });
  });
});
