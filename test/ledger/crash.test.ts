import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../lib/aws/dynamodb/items/items.ts';
import { sealLedger } from '../../lib/flows/sweeps/seal-ledger.ts';
import { startTables, type World } from '../aws/world.ts';
import { entryOf, openLedger, type OpenLedger, wrapped } from './ledger-world.ts';
import { makeSigner } from './signer.ts';

let world: World;
let kms: Awaited<ReturnType<typeof makeSigner>>;
/** One batch sealed, four entries waiting. */
let begin: readonly Item[];
/** The calls of an undisturbed run from there, and how it ends. */
const calls: string[] = [];
let end: readonly string[];

beforeAll(async () => {
  world = await startTables();
  kms = await makeSigner();
  const ledger = await openLedger(world.client, kms.signer);
  await ledger.append(entryOf(0), entryOf(1), entryOf(2));
  await sealLedger(ledger.deps);
  await ledger.append(entryOf(3), entryOf(4), entryOf(5), entryOf(6));
  begin = await ledger.items();
  await sealLedger(
    wrapped(ledger.deps, (call, _, name) => {
      calls.push(name);
      return call();
    }),
  );
  end = await ledger.snapshot();
});
afterAll(() => world.close());

async function standing(): Promise<OpenLedger> {
  const ledger = await openLedger(world.client, kms.signer);
  await ledger.fill(begin);
  return ledger;
}

const steps = [
  'head',
  'order',
  'pending',
  'entries',
  'keepOrder',
  'checkpoint',
  'publicKey',
  'sign',
  'keepCheckpoint',
  'moveHead',
  'forget',
] as const;

describe('a sealer that is ended', () => {
  it('makes no other calls than those that are disturbed here', () => {
    expect(new Set(calls)).toEqual(new Set(steps));
  });

  for (const step of steps) {
    for (const when of ['before', 'after'] as const) {
      it(`${when} ${step} leaves what the next run finishes as if nothing had been`, async () => {
        const places = calls.flatMap((name, index) => (name === step ? [index + 1] : []));
        // eight shards are read alike: the first and the last of them will do
        const chosen = step === 'pending' ? [places.at(0), places.at(-1)] : places;
        for (const place of chosen) {
          const ledger = await standing();
          const disturbed = wrapped(ledger.deps, async (call, number) => {
            if (number === place && when === 'before') throw new Error('ended');
            const answer = await call();
            if (number === place) throw new Error('ended');
            return answer;
          });
          await expect(sealLedger(disturbed)).rejects.toThrow('ended');
          await sealLedger(ledger.deps);
          expect(await ledger.snapshot()).toEqual(end);
        }
      });
    }
  }
});

describe('two sealers at once', () => {
  it('end as one does, wherever the other one overtakes', async () => {
    for (let place = 1; place <= calls.length; place += 1) {
      // the shards are read alike
      if (calls[place - 1] === 'pending' && calls[place] === 'pending') continue;
      const ledger = await standing();
      const overtaken = wrapped(ledger.deps, async (call, number) => {
        if (number === place) await sealLedger(ledger.deps);
        return call();
      });
      await sealLedger(overtaken);
      expect(await ledger.snapshot(), `overtaken at call ${place}, ${calls[place - 1]}`).toEqual(end);
    }
  });

  it('end as one does when they run in step', async () => {
    const ledger = await standing();
    await Promise.all([sealLedger(ledger.deps), sealLedger(ledger.deps)]);
    expect(await ledger.snapshot()).toEqual(end);
  });
});
