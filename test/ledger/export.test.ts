import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealLedger } from '../../lib/flows/sweeps/seal-ledger.ts';
import { exportLedger, type LedgerReads, readExport } from '../../lib/ledger/export.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import { startTables, type World } from '../aws/world.ts';
import { entryOf, linesOf, openLedger, type OpenLedger, origin, placed } from './ledger-world.ts';
import { makeSigner } from './signer.ts';

let world: World;
let kms: Awaited<ReturnType<typeof makeSigner>>;
beforeAll(async () => {
  world = await startTables();
  kms = await makeSigner();
});
afterAll(() => world.close());

async function sealedWith(...numbers: number[]): Promise<OpenLedger> {
  const ledger = await openLedger(world.client, kms.signer);
  await ledger.append(...numbers.map((number) => entryOf(number)));
  await sealLedger(ledger.deps);
  return ledger;
}
const naming = () => ({ origin, keys: [kms.key] });

describe('exportLedger', () => {
  it('gives every row once, with a first line that names the ledger and a last one that counts', async () => {
    const ledger = await sealedWith(0, 1, 2);
    await ledger.append(entryOf(3));
    const lines = (await linesOf(exportLedger(ledger.reads, naming()))).map(
      (text) => JSON.parse(text) as { line: string },
    );
    expect(lines.map(({ line }) => line).toSorted()).toEqual(
      ['checkpoint', 'end', 'entry', 'entry', 'entry', 'entry', 'ledger', 'order', 'pending'].toSorted(),
    );
    expect(lines[0]).toEqual({ line: 'ledger', version: 1, origin, keys: [kms.key] });
    expect(lines.at(-1)).toEqual({ line: 'end', lines: 8 });
  });

  it('holds no row of the sealer that an auditor has no use for', async () => {
    const ledger = await sealedWith(0);
    const text = (await linesOf(exportLedger(ledger.reads, naming()))).join('\n');
    expect(text).not.toMatch(/leftover|shard/);
  });

  const during = {
    'a batch is sealed before the scan': 'before',
    'a batch comes and is sealed after the scan': 'after',
  } as const;
  it.each(Object.entries(during))('gives a ledger that verifies though %s', async (_, when) => {
    const ledger = await sealedWith(0, 1, 2);
    const more = async (): Promise<void> => {
      await ledger.append(entryOf(3), entryOf(4));
      await sealLedger(ledger.deps);
    };
    const reads: LedgerReads = {
      ...ledger.reads,
      rows: async function* () {
        if (when === 'before') await more();
        yield* ledger.reads.rows();
        if (when === 'after') await more();
      },
    };
    const exported = await readExport(await linesOf(exportLedger(reads, naming())));
    expect(await verifyLedger(exported, naming())).toMatchObject({ ok: true, size: 5, unsealed: [] });
  });

  it('finds the marker of an entry that came while the scan had passed its shard', async () => {
    const ledger = await sealedWith(0);
    const reads: LedgerReads = {
      ...ledger.reads,
      rows: async function* () {
        await ledger.append(entryOf(1));
        for await (const row of ledger.reads.rows()) if (row.row !== 'pending') yield row;
      },
    };
    const exported = await readExport(await linesOf(exportLedger(reads, naming())));
    expect(await verifyLedger(exported, naming())).toMatchObject({
      ok: true,
      unsealed: [placed(entryOf(1))],
    });
  });
});

describe('readExport', () => {
  const honest = async (): Promise<string[]> =>
    linesOf(exportLedger((await sealedWith(0, 1, 2)).reads, naming()));

  it('takes empty lines, as files end with one', async () => {
    const exported = await readExport([...(await honest()), '']);
    expect(await verifyLedger(exported, naming())).toMatchObject({ ok: true, size: 3 });
  });

  it('refuses what was cut off anywhere', async () => {
    const lines = await honest();
    for (let length = 0; length < lines.length; length += 1)
      await expect(readExport(lines.slice(0, length))).rejects.toThrow('is missing');
  });

  it.each([
    { what: 'a lost line', broken: (lines: string[]) => lines.toSpliced(2, 1), says: 'counts 6' },
    {
      what: 'a line after the end',
      broken: (lines: string[]) => [...lines, lines[1] ?? ''],
      says: 'after the end',
    },
    { what: 'no name', broken: (lines: string[]) => lines.slice(1), says: 'does not name the ledger' },
    { what: 'two names', broken: (lines: string[]) => [lines[0] ?? '', ...lines], says: 'begins another' },
    { what: 'no JSON', broken: (lines: string[]) => lines.with(2, '{'), says: 'line 3 is not' },
    {
      what: 'an unknown line',
      broken: (lines: string[]) => lines.with(2, '{"line":"x"}'),
      says: 'line 3 is not',
    },
  ])('refuses an export with $what', async ({ broken, says }) => {
    await expect(readExport(broken(await honest()))).rejects.toThrow(says);
  });
});

describe('entriesOf', () => {
  it('shows what is filed under a subject, the newest last, in pages', async () => {
    const ledger = await openLedger(world.client, kms.signer);
    await ledger.append(...[6, 0, 3, 1].map((number) => entryOf(number)));
    const first = await ledger.reads.entriesOf('case/0', { limit: 2 });
    expect(first.entries.map(({ sk }) => sk)).toEqual([entryOf(0).id, entryOf(3).id]);
    const second = await ledger.reads.entriesOf('case/0', { after: first.next, limit: 2 });
    expect(second.entries.map(({ sk }) => sk)).toEqual([entryOf(6).id]);
    expect(second.next).toBeUndefined();
  });
});
