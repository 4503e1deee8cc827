import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealLedger } from '../../lib/flows/sweeps/seal-ledger.ts';
import type { LedgerExport } from '../../lib/ledger/export.ts';
import { readCheckpoint, signCheckpoint } from '../../lib/ledger/signed-checkpoint.ts';
import { treeHashing } from '../../lib/ledger/tree-hash.ts';
import type { Trust } from '../../lib/ledger/problem.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import { canonical, sha256 } from '../../lib/wire/digest.ts';
import { startTables, type World } from '../aws/world.ts';
import { entryId } from '../../lib/domain/ids.ts';
import { entryOf, openLedger, type OpenLedger, origin, placed, ulidOf } from './ledger-world.ts';
import { makeSigner } from './signer.ts';

let world: World;
let kms: Awaited<ReturnType<typeof makeSigner>>;
/** By the real flow: batches [0..2], [3..6], [7..8] sealed, 9 waiting. */
let honest: LedgerExport;
let trust: Trust;

const start = async (): Promise<OpenLedger> => openLedger(world.client, kms.signer);
async function sealed(ledger: OpenLedger, ...batches: readonly (readonly number[])[]): Promise<void> {
  for (const batch of batches) {
    await ledger.append(...batch.map((number) => entryOf(number)));
    await sealLedger(ledger.deps);
  }
}
async function played(): Promise<OpenLedger> {
  const ledger = await start();
  await sealed(ledger, [0, 1, 2], [3, 4, 5, 6], [7, 8]);
  await ledger.append(entryOf(9));
  return ledger;
}

beforeAll(async () => {
  world = await startTables();
  kms = await makeSigner();
  honest = await (await played()).exported(kms.key);
  trust = { origin, keys: [kms.key] };
});
afterAll(() => world.close());

const place = (number: number) => placed(entryOf(number));
const isAt = (number: number) => (entry: { readonly sk: string }) => entry.sk === place(number).sk;

/** What is found, in the form `kind at entry` or `kind at from-to`. */
async function found(exported: LedgerExport, over: Partial<Trust> = {}): Promise<string[]> {
  const verdict = await verifyLedger(exported, { ...trust, ...over });
  return verdict.ok
    ? []
    : verdict.problems.map(
        ({ kind, entry, range }) =>
          `${kind} at ${entry ? Number(entry.sk.slice(10)) : range ? `${range.from}-${range.to}` : '?'}`,
      );
}

const withBody = (number: number, body: string): LedgerExport => ({
  ...honest,
  entries: honest.entries.map((entry) => (isAt(number)(entry) ? { ...entry, body } : entry)),
});
const withOrders = (change: (orders: LedgerExport['orders']) => LedgerExport['orders']): LedgerExport => ({
  ...honest,
  orders: change(honest.orders),
});
const bySize = (size: number) => (jws: string) => readCheckpoint(jws)?.size === size;
const checkpointOf = (size: number): string => honest.checkpoints.find(bySize(size)) ?? '';
const forged = (number: number) => canonical({ ...entryOf(number), facts: { number: 'another' } });

describe('verifyLedger', () => {
  it('takes an honest ledger, and lists what waits for its seal', async () => {
    const root = readCheckpoint(checkpointOf(9))?.root;
    expect(await verifyLedger(honest, trust)).toEqual({
      ok: true,
      size: 9,
      root,
      entries: 9,
      unsealed: [place(9)],
    });
  });

  it('takes one with an earlier checkpoint that was kept elsewhere', async () => {
    for (const jws of honest.checkpoints) {
      const { size = 0, root = '' } = readCheckpoint(jws) ?? {};
      expect(await found(honest, { known: { size, root } })).toEqual([]);
    }
  });

  it('takes an empty ledger', async () => {
    const empty: LedgerExport = { origin, keys: [], entries: [], orders: [], checkpoints: [], pending: [] };
    expect(await verifyLedger(empty, trust)).toEqual({
      ok: true,
      size: 0,
      root: treeHashing.empty,
      entries: 0,
      unsealed: [],
    });
  });

  it('takes a batch that is ordered and not yet signed as unsealed', async () => {
    const exported = { ...honest, checkpoints: honest.checkpoints.filter((jws) => !bySize(9)(jws)) };
    expect(await verifyLedger(exported, trust)).toMatchObject({ ok: true, size: 7, unsealed: { length: 3 } });
  });

  describe('names an edit', () => {
    it('of a sealed entry', async () => {
      expect(await found(withBody(4, forged(4)))).toEqual(['edited at 4']);
    });

    it('of a sealed entry and its leaf alike, by the batch that no longer gives its root', async () => {
      const leaf = treeHashing.leaf(forged(4));
      const { entries } = withBody(4, forged(4));
      const { orders } = withOrders((all) =>
        all.map((order) => ({
          ...order,
          entries: order.entries.map((entry) => (isAt(4)(entry) ? { ...entry, leaf } : entry)),
        })),
      );
      expect(await found({ ...honest, entries, orders })).toEqual(['root at 3-7']);
    });

    it('of an entry that waits', async () => {
      expect(await found(withBody(9, forged(9)))).toEqual(['edited at 9']);
    });

    it('that only changes how the body is written', async () => {
      const spaced = JSON.stringify(entryOf(4), undefined, 1);
      expect(await found(withBody(4, spaced))).toEqual(['misfiled at 4', 'edited at 4']);
    });

    it('that files an entry under another subject, in the order row too', async () => {
      const moved = { pk: 'entry#case/other', sk: place(4).sk };
      const relabel = <Row extends { readonly sk: string }>(row: Row): Row =>
        isAt(4)(row) ? { ...row, ...moved } : row;
      const exported = {
        ...withOrders((all) => all.map((order) => ({ ...order, entries: order.entries.map(relabel) }))),
        entries: honest.entries.map(relabel),
      };
      expect(await found(exported)).toEqual(['misfiled at 4']);
    });
  });

  describe('names a deletion', () => {
    const without = (number: number): LedgerExport['entries'] =>
      honest.entries.filter((entry) => !isAt(number)(entry));

    it('of a sealed entry', async () => {
      expect(await found({ ...honest, entries: without(5) })).toEqual(['deleted at 5']);
    });

    it('of an entry that waits, by its marker', async () => {
      expect(await found({ ...honest, entries: without(9) })).toEqual(['deleted at 9']);
    });

    it('of an entry and its place in the order', async () => {
      const { orders } = withOrders((all) =>
        all.map((order) => ({ ...order, entries: order.entries.filter((entry) => !isAt(5)(entry)) })),
      );
      expect(await found({ ...honest, entries: without(5), orders })).toContain('missing-order at 6-7');
    });

    it('of an order row', async () => {
      const exported = withOrders((all) => all.filter(({ first }) => first !== 3));
      expect(await found(exported)).toContain('missing-order at 3-7');
    });

    it('of the last order row', async () => {
      const exported = withOrders((all) => all.filter(({ first }) => first !== 7));
      expect(await found(exported)).toContain('missing-order at 7-9');
    });

    it('of a checkpoint', async () => {
      const exported = { ...honest, checkpoints: honest.checkpoints.filter((jws) => !bySize(7)(jws)) };
      expect(await found(exported)).toEqual(['chain at 3-9']);
    });

    it('of the first checkpoint', async () => {
      const exported = { ...honest, checkpoints: honest.checkpoints.filter((jws) => !bySize(3)(jws)) };
      expect(await found(exported)).toEqual(['chain at 0-7']);
    });
  });

  describe('names an insertion', () => {
    const extra = entryOf(50);
    const added = { ...placed(extra), body: canonical(extra) };
    const entries = () => [...honest.entries, added];

    it('of an entry that no order row and no marker names', async () => {
      expect(await found({ ...honest, entries: entries() })).toEqual(['inserted at 50']);
    });

    it('of one into the order, by the batch', async () => {
      const { orders } = withOrders((all) =>
        all.map((order) =>
          order.first === 7
            ? {
                ...order,
                entries: [...order.entries, { ...placed(extra), leaf: treeHashing.leaf(added.body) }],
              }
            : order,
        ),
      );
      expect(await found({ ...honest, entries: entries(), orders })).toEqual(['inserted at 9-10']);
      const earlier = withOrders((all) =>
        all.map((order) =>
          order.first === 3
            ? {
                ...order,
                entries: [...order.entries, { ...placed(extra), leaf: treeHashing.leaf(added.body) }],
              }
            : order,
        ),
      );
      expect(await found({ ...earlier, entries: entries() })).toContain('overlap at 7-9');
    });

    it('of one that is older than what was sealed, though it waits like an honest one', async () => {
      const old = entryOf(51, { id: entryId(ulidOf(51, -3600)) });
      const body = canonical(old);
      const exported = {
        ...honest,
        entries: [...honest.entries, { ...placed(old), body }],
        pending: [...honest.pending, { ...placed(old), digest: sha256(body) }],
      };
      expect(await found(exported)).toEqual(['inserted at 51']);
    });

    it('of an entry a second time', async () => {
      expect(
        await found({ ...honest, entries: [...honest.entries, ...honest.entries.filter(isAt(2))] }),
      ).toEqual(['duplicate at 2']);
    });

    it('of an entry into the order a second time', async () => {
      const exported = withOrders((all) =>
        all.map((order) =>
          order.first === 7
            ? { ...order, entries: [...(all[0]?.entries.filter(isAt(2)) ?? []), ...order.entries.slice(1)] }
            : order,
        ),
      );
      expect(await found(exported)).toEqual(expect.arrayContaining(['duplicate at 2', 'root at 7-9']));
    });

    it('of an order row over another', async () => {
      const exported = withOrders((all) => [
        ...all,
        { first: 4, entries: all[1]?.entries.slice(1, 2) ?? [] },
      ]);
      expect(await found(exported)).toContain('overlap at 4-5');
    });
  });

  describe('names a reordering', () => {
    const swapped = (first: number, a: number, b: number) =>
      withOrders((all) =>
        all.map((order) => {
          if (order.first !== first) return order;
          const entries = [...order.entries];
          const [one, other] = [entries[a], entries[b]];
          if (one && other) [entries[a], entries[b]] = [other, one];
          return { ...order, entries };
        }),
      );

    it('inside a batch, by the entry and the batch', async () => {
      expect(await found(swapped(3, 1, 2))).toEqual(['reordered at 4', 'root at 3-7']);
    });

    it('between batches, by the first batch that no longer gives its root', async () => {
      const exported = withOrders(([first, second, third]) => {
        if (!first || !second || !third) return [];
        const [a, ...rest] = second.entries;
        const [b, ...others] = third.entries;
        if (!a || !b) return [];
        return [first, { first: 3, entries: [...rest, b] }, { first: 7, entries: [a, ...others] }];
      });
      expect(await found(exported)).toEqual(['root at 3-7']);
    });
  });

  describe('names a truncation', () => {
    it('below a known checkpoint', async () => {
      const cut = await start();
      await sealed(cut, [0, 1, 2], [3, 4, 5, 6]);
      const known = { size: 9, root: readCheckpoint(checkpointOf(9))?.root ?? '' };
      const exported = await cut.exported();
      // nothing in it is wrong by itself: who kept nothing sees nothing
      expect(await found(exported)).toEqual([]);
      expect(await found(exported, { known })).toEqual(['truncated at 7-9']);
    });

    it('of everything', async () => {
      const empty: LedgerExport = { origin, keys: [], entries: [], orders: [], checkpoints: [], pending: [] };
      const known = { size: 9, root: readCheckpoint(checkpointOf(9))?.root ?? '' };
      expect(await found(empty, { known })).toEqual(['truncated at 0-9']);
    });
  });

  describe('names a fork', () => {
    /** Begun anew by whoever holds the whole account: same key, another history. */
    const another = async (): Promise<LedgerExport> => {
      const ledger = await start();
      await sealed(ledger, [0, 1, 2], [3, 4, 6, 7], [8, 10]);
      return ledger.exported();
    };

    it('against a known checkpoint', async () => {
      const exported = await another();
      expect(await found(exported)).toEqual([]);
      for (const size of [7, 9])
        expect(
          await found(exported, { known: { size, root: readCheckpoint(checkpointOf(size))?.root ?? '' } }),
        ).toEqual([`forked at 0-${size}`]);
    });

    it('against a known size that it has no checkpoint of', async () => {
      const ledger = await start();
      await sealed(ledger, [0, 1, 2, 4, 3, 5, 8], [9, 10]);
      const known = { size: 3, root: treeHashing.leaf('another') };
      expect(await found(await ledger.exported(), { known })).toEqual(['forked at 0-3']);
    });

    it('where two roots are signed for one size', async () => {
      const { checkpoints } = await another();
      const both = { ...honest, checkpoints: [...honest.checkpoints, ...checkpoints.filter(bySize(7))] };
      expect(await found(both)).toEqual(['forked at 3-7']);
    });
  });

  describe('names a checkpoint', () => {
    const replaced = (size: number, jws: string): LedgerExport => ({
      ...honest,
      checkpoints: honest.checkpoints.map((one) => (bySize(size)(one) ? jws : one)),
    });

    it('whose signature is another’s', async () => {
      const [header = '', payload = ''] = checkpointOf(9).split('.');
      const signature = checkpointOf(7).split('.')[2] ?? '';
      expect(await found(replaced(9, `${header}.${payload}.${signature}`))).toContain('signature at 0-9');
    });

    it('that says something else than was signed', async () => {
      const [header = '', , signature = ''] = checkpointOf(9).split('.');
      const said = { ...readCheckpoint(checkpointOf(9)), time: '2026-01-31T09:30:01.000Z' };
      const payload = Buffer.from(canonical(said)).toString('base64url');
      expect(await found(replaced(9, `${header}.${payload}.${signature}`))).toContain('signature at 0-9');
    });

    it('that is not signed at all', async () => {
      const [, payload = ''] = checkpointOf(9).split('.');
      const header = Buffer.from(`{"alg":"none","kid":"${kms.key.kid}"}`).toString('base64url');
      expect(await found(replaced(9, `${header}.${payload}.`))).toContain('signature at 0-9');
    });

    it('under a key that is not trusted, though the export brings it along', async () => {
      const other = await makeSigner();
      const said = readCheckpoint(checkpointOf(9));
      const jws = said ? await signCheckpoint(said, other.signer) : '';
      const exported = { ...replaced(9, jws), keys: [other.key, kms.key] };
      expect(await found(exported)).toContain('unknown-key at 0-9');
    });

    it('under an older key that is trusted too as a good one', async () => {
      const other = await makeSigner();
      const said = readCheckpoint(checkpointOf(9));
      const jws = said ? await signCheckpoint(said, other.signer) : '';
      expect(await found(replaced(9, jws), { keys: [kms.key, other.key] })).toEqual([]);
    });

    it('of another ledger', async () => {
      const said = readCheckpoint(checkpointOf(9));
      const jws = said ? await signCheckpoint({ ...said, origin: 'rescind/other' }, kms.signer) : '';
      expect(await found(replaced(9, jws))).toContain('foreign at ?');
    });

    it.each(['', 'no jws', 'a.b.c', 'e30.e30.e30'])('that is none: %j', async (jws) => {
      expect(await found(replaced(9, jws))).toContain('foreign at ?');
    });

    it('that follows another than the one before', async () => {
      const said = readCheckpoint(checkpointOf(9));
      const jws = said ? await signCheckpoint({ ...said, previous: sha256('another') }, kms.signer) : '';
      expect(await found(replaced(9, jws))).toEqual(['chain at 7-9']);
    });

    it('that signs what the order rows do not give', async () => {
      const said = readCheckpoint(checkpointOf(9));
      const jws = said ? await signCheckpoint({ ...said, root: treeHashing.empty }, kms.signer) : '';
      expect(await found(replaced(9, jws))).toEqual(['root at 7-9']);
    });
  });

  describe('finds in the table itself', () => {
    it.each([
      {
        what: 'an overwritten entry',
        tamper: (ledger: OpenLedger) => ledger.setBody(place(1), forged(1)),
        finds: ['edited at 1'],
      },
      {
        what: 'a deleted entry',
        tamper: (ledger: OpenLedger) => ledger.drop(place(6)),
        finds: ['deleted at 6'],
      },
      {
        what: 'an entry without its marker',
        tamper: (ledger: OpenLedger) => ledger.putRow({ ...place(60), body: canonical(entryOf(60)) }),
        finds: ['inserted at 60'],
      },
      {
        what: 'a body that is no text',
        tamper: (ledger: OpenLedger) => ledger.putRow({ ...place(1), body: 7 }),
        finds: ['misfiled at 1', 'edited at 1'],
      },
      {
        what: 'a deleted order row, with the rows behind it',
        tamper: (ledger: OpenLedger) => ledger.drop({ pk: 'order#000000000003', sk: 'order' }),
        finds: ['missing-order at 3-7'],
      },
      {
        what: 'a mangled order row',
        tamper: (ledger: OpenLedger) => ledger.putRow({ pk: 'order#000000000003', sk: 'order', first: 'x' }),
        finds: ['missing-order at 3-7'],
      },
      {
        what: 'a deleted checkpoint',
        tamper: (ledger: OpenLedger) => ledger.drop({ pk: 'checkpoint#000000000007', sk: 'checkpoint' }),
        finds: ['chain at 3-9'],
      },
      {
        what: 'an entry that is ordered once more because somebody put its marker back',
        tamper: async (ledger: OpenLedger) => {
          const digest = sha256(canonical(entryOf(2)));
          await ledger.putRow({ pk: 'pending#0', sk: place(2).sk, entry: place(2).pk, digest });
          await sealLedger(ledger.deps);
        },
        finds: ['duplicate at 2'],
      },
    ])('$what', async ({ tamper, finds }) => {
      const ledger = await played();
      await tamper(ledger);
      expect(await found(await ledger.exported())).toEqual(finds);
    });
  });
});
