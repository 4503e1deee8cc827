import { compactVerify, importJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFrontier, grow, rootOf } from '../../lib/domain/ledger/tree.ts';
import { LedgerBroken, sealLedger } from '../../lib/flows/sweeps/seal-ledger.ts';
import { readCheckpoint, type Signer } from '../../lib/ledger/signed-checkpoint.ts';
import { treeHashing } from '../../lib/ledger/tree-hash.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import { canonical, sha256 } from '../../lib/wire/digest.ts';
import { startTables, type World } from '../aws/world.ts';
import { at } from '../domain/objects.ts';
import { entryOf, openLedger, type OpenLedger, origin, placed, ulidOf } from './ledger-world.ts';
import { makeSigner } from './signer.ts';

let world: World;
let kms: Awaited<ReturnType<typeof makeSigner>>;
beforeAll(async () => {
  world = await startTables();
  kms = await makeSigner();
});
afterAll(() => world.close());

const open = (): Promise<OpenLedger> => openLedger(world.client, kms.signer);
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => entryOf(from + index));
const pendingIn = async (ledger: OpenLedger): Promise<string[]> =>
  (await ledger.items()).flatMap(({ pk, sk }) => (pk?.S?.startsWith('pending#') ? [sk?.S ?? ''] : [])).sort();
const verdictOf = async (ledger: OpenLedger) =>
  verifyLedger(await ledger.exported(), { origin, keys: [kms.key] });

describe('sealLedger', () => {
  it('does nothing where nothing waits', async () => {
    const ledger = await open();
    expect(await sealLedger(ledger.deps)).toEqual({ entries: 0, size: 0, more: false });
    expect(await ledger.items()).toEqual([]);
  });

  it('orders what waits by id, signs its root, and forgets the markers', async () => {
    const ledger = await open();
    const entries = numbered(0, 5);
    await ledger.append(...entries.toReversed());
    expect(await sealLedger(ledger.deps)).toEqual({ entries: 5, size: 5, more: false });
    const order = await ledger.deps.ledger.order(0);
    expect(order?.entries.map(({ pk, sk }) => ({ pk, sk }))).toEqual(entries.map(placed));
    expect(await pendingIn(ledger)).toEqual([]);
    expect(await verdictOf(ledger)).toMatchObject({ ok: true, size: 5, entries: 5, unsealed: [] });
  });

  it('signs a checkpoint that jose verifies, and that says what the tree is', async () => {
    const ledger = await open();
    const entries = numbered(0, 3);
    await ledger.append(...entries);
    await sealLedger(ledger.deps);
    const jws = (await ledger.deps.ledger.checkpoint(3)) ?? '';
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(kms.key, 'ES256'));
    const leaves = entries.map((entry) => treeHashing.leaf(canonical(entry)));
    const root = rootOf(grow(emptyFrontier, leaves, treeHashing), treeHashing);
    expect(protectedHeader).toEqual({ alg: 'ES256', kid: kms.key.kid, typ: 'rescind-checkpoint+jws' });
    expect(new TextDecoder().decode(payload)).toBe(
      `{"origin":"${origin}","previous":null,"root":"${root}","size":3,"time":"${at}"}`,
    );
  });

  it('chains each checkpoint to the one before', async () => {
    const ledger = await open();
    await ledger.append(...numbered(0, 3));
    await sealLedger(ledger.deps);
    await ledger.append(...numbered(3, 5));
    await sealLedger(ledger.deps);
    const [first = '', second = ''] = [
      await ledger.deps.ledger.checkpoint(3),
      await ledger.deps.ledger.checkpoint(5),
    ];
    expect(readCheckpoint(second)?.previous).toBe(sha256(first));
    expect(await verdictOf(ledger)).toMatchObject({ ok: true, size: 5 });
  });

  it('seals more than one batch in a run, each under its own checkpoint', async () => {
    const ledger = await open();
    await ledger.append(...numbered(0, 300));
    expect(await sealLedger(ledger.deps)).toEqual({ entries: 300, size: 300, more: false });
    expect((await ledger.deps.ledger.order(256))?.entries).toHaveLength(44);
    expect(await pendingIn(ledger)).toEqual([]);
    expect(await verdictOf(ledger)).toMatchObject({ ok: true, size: 300, unsealed: [] });
  });

  it('ends at the same head when the head was lost, and signs nothing for it', async () => {
    const ledger = await open();
    for (const [from, to] of [
      [0, 3],
      [3, 4],
      [4, 9],
    ] as const) {
      await ledger.append(...numbered(from, to));
      await sealLedger(ledger.deps);
    }
    const before = await ledger.snapshot();
    await ledger.drop({ pk: 'head', sk: 'head' });
    const signer = { ...kms.signer, sign: () => Promise.reject(new Error('must not sign')) };
    await sealLedger({ ...ledger.deps, signer });
    expect(await ledger.snapshot()).toEqual(before);
  });

  it('leaves an entry that is not what its marker says, names it, and seals the others', async () => {
    const ledger = await open();
    const [edited = entryOf(0), gone = entryOf(1), sound = entryOf(2)] = numbered(0, 3);
    await ledger.append(edited, gone, sound);
    await ledger.setBody(placed(edited), canonical({ ...edited, facts: { number: 7 } }));
    await ledger.drop(placed(gone));
    expect(await sealLedger(ledger.deps)).toMatchObject({ entries: 1, size: 1 });
    expect(await pendingIn(ledger)).toEqual([edited.id, gone.id]);
    expect(JSON.stringify(ledger.log.errors)).toContain(edited.id);
    const verdict = await verdictOf(ledger);
    expect(verdict.ok ? [] : verdict.problems.map(({ kind, entry }) => [kind, entry?.sk])).toEqual([
      ['edited', edited.id],
      ['deleted', gone.id],
    ]);
  });

  it('leaves an entry whose body belongs elsewhere: its leaf would not bind it to its place', async () => {
    const ledger = await open();
    const body = canonical(entryOf(1, { subject: 'case/other' }));
    const [pk, sk] = ['entry#case/1', ulidOf(1)];
    await ledger.putRow({ pk, sk, body, digest: sha256(body) });
    await ledger.putRow({ pk: 'pending#0', sk, entry: pk, digest: sha256(body) });
    expect(await sealLedger(ledger.deps)).toMatchObject({ entries: 0 });
  });

  it('is not held up by markers that are none', async () => {
    const ledger = await open();
    await ledger.putRow({ pk: 'pending#0', sk: '0' });
    await ledger.putRow({ pk: 'pending#1', sk: '0', entry: 'head', digest: 'x' });
    await ledger.putRow({ pk: 'pending#2', sk: '0', entry: `entry#${'x'.repeat(3000)}`, digest: 'x' });
    await ledger.putRow({ pk: 'pending#3', sk: '0', entry: 7, digest: 8 });
    await ledger.append(entryOf(1));
    expect(await sealLedger(ledger.deps)).toMatchObject({ entries: 1, size: 1 });
  });

  describe('halts and signs nothing', () => {
    const sealed = async (): Promise<OpenLedger> => {
      const ledger = await open();
      await ledger.append(...numbered(0, 3));
      await sealLedger(ledger.deps);
      await ledger.append(entryOf(3));
      return ledger;
    };
    const headRow = async (ledger: OpenLedger) => ({
      pk: 'head',
      sk: 'head',
      ...(await ledger.deps.ledger.head()),
    });

    it('on a head that its checkpoint does not bear out', async () => {
      const ledger = await sealed();
      await ledger.putRow({ ...(await headRow(ledger)), root: treeHashing.empty });
      await expect(sealLedger(ledger.deps)).rejects.toThrow(LedgerBroken);
    });

    it('on peaks that do not give the root', async () => {
      const ledger = await sealed();
      const head = await headRow(ledger);
      await ledger.putRow({ ...head, peaks: head.peaks?.toReversed() });
      await expect(sealLedger(ledger.deps)).rejects.toThrow(LedgerBroken);
    });

    it('on a checkpoint that is gone', async () => {
      const ledger = await sealed();
      await ledger.drop({ pk: 'checkpoint#000000000003', sk: 'checkpoint' });
      await expect(sealLedger(ledger.deps)).rejects.toThrow(LedgerBroken);
    });

    it('on order rows that do not give a root that is signed already', async () => {
      const ledger = await sealed();
      const order = await ledger.deps.ledger.order(0);
      await ledger.putRow({
        pk: 'order#000000000000',
        sk: 'order',
        first: 0,
        entries: order?.entries.toReversed(),
      });
      await ledger.drop({ pk: 'head', sk: 'head' });
      await expect(sealLedger(ledger.deps)).rejects.toThrow(LedgerBroken);
    });

    it('under another name than the one it was begun with', async () => {
      const ledger = await sealed();
      await expect(sealLedger({ ...ledger.deps, origin: 'rescind/other' })).rejects.toThrow(
        'this ledger was begun with the name',
      );
    });

    it('when a signature does not verify under its own public key', async () => {
      const ledger = await sealed();
      const { signer: other } = await makeSigner();
      const signer: Signer = { ...kms.signer, sign: (digest) => other.sign(digest) };
      await expect(sealLedger({ ...ledger.deps, signer })).rejects.toThrow('signature verification failed');
      expect(await ledger.deps.ledger.checkpoint(4)).toBeUndefined();
    });
  });
});
