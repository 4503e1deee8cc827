import fc from 'fast-check';
import { base64url } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { pendingShards } from '../../lib/domain/limits.ts';
import { sealLedger, type SealLedger } from '../../lib/flows/sweeps/seal-ledger.ts';
import { exportLedger, readExport } from '../../lib/ledger/export.ts';
import { readCheckpoint } from '../../lib/ledger/signed-checkpoint.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import { now } from '../domain/objects.ts';
import { entryOf, linesOf, makeLog, origin, wrapped } from './ledger-world.ts';
import { memoryLedger } from './memory-ledger.ts';
import { makeSigner } from './signer.ts';

let kms: Awaited<ReturnType<typeof makeSigner>>;
beforeAll(async () => {
  kms = await makeSigner();
});

const isEnded = (error: unknown): boolean => error instanceof Error && error.message === 'ended';

describe('sealers in any order of their calls, ended anywhere, while entries come', () => {
  it('seal each entry once, under one root a size, and whoever exports meanwhile gets a ledger that verifies', async () => {
    const plan = fc.record({
      scheduler: fc.scheduler(),
      // how many calls each sealer makes before it is ended
      lives: fc.array(fc.option(fc.integer({ min: 1, max: 60 }), { nil: Infinity }), {
        minLength: 2,
        maxLength: 4,
      }),
      arrivals: fc.integer({ min: 1, max: 12 }),
      exports: fc.integer({ min: 0, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ scheduler, lives, arrivals, exports }) => {
        const memory = memoryLedger();
        const signed = new Map<number, Set<string>>();
        let ticks = 0;
        const base: SealLedger = {
          ledger: {
            ...memory.ledger,
            keepCheckpoint: (size, jws) => {
              // every signature that was offered, kept or not
              signed.set(size, (signed.get(size) ?? new Set()).add(readCheckpoint(jws)?.root ?? ''));
              return memory.ledger.keepCheckpoint(size, jws);
            },
          },
          signer: kms.signer,
          origin,
          // a clock that moves: two signatures of one size are two texts
          now: () => now + (ticks += 1),
          log: makeLog(),
        };
        const verdict = async () => {
          const lines = await linesOf(exportLedger(memory.reads, { origin, keys: [] }));
          return verifyLedger(await readExport(lines), { origin, keys: [kms.key] });
        };
        const run = (life: number): Promise<void> => {
          const deps = wrapped(base, async (call, number) => {
            await scheduler.schedule(Promise.resolve());
            if (number > life) throw new Error('ended');
            return call();
          });
          return sealLedger(deps).then(
            () => undefined,
            (error: unknown) => {
              if (!isEnded(error)) throw error;
            },
          );
        };
        const come = async (): Promise<void> => {
          for (let number = 0; number < arrivals; number += 1) {
            await scheduler.schedule(Promise.resolve());
            memory.append(entryOf(number), number % pendingShards);
          }
        };
        const look = async (): Promise<void> => {
          await scheduler.schedule(Promise.resolve());
          expect(await verdict()).toMatchObject({ ok: true });
        };
        const all = Promise.all([come(), ...lives.map(run), ...Array.from({ length: exports }, look)]);
        await scheduler.waitFor(all);

        await sealLedger(base);
        expect(memory.markers.size).toBe(0);
        const ordered = [...memory.orders.values()].flatMap(({ entries }) => entries.map(({ sk }) => sk));
        expect(ordered.toSorted()).toEqual(
          Array.from({ length: arrivals }, (_, number) => String(entryOf(number).id)),
        );
        for (const [size, roots] of signed) expect(roots.size, `roots of ${size}`).toBe(1);
        expect(await verdict()).toMatchObject({ ok: true, size: arrivals, unsealed: [] });
      }),
      { numRuns: 150 },
    );
  });

  it('put no second checkpoint of a size, though both signed one', async () => {
    const memory = memoryLedger();
    for (let number = 0; number < 3; number += 1) memory.append(entryOf(number), 0);
    let ticks = 0;
    const deps: SealLedger = {
      ledger: memory.ledger,
      signer: kms.signer,
      origin,
      now: () => now + (ticks += 1),
      log: makeLog(),
    };
    const overtaken = wrapped(deps, async (call, _, name) => {
      if (name === 'keepCheckpoint') await sealLedger(deps);
      return call();
    });
    await sealLedger(overtaken);
    expect(ticks).toBe(2);
    expect(memory.checkpoints.size).toBe(1);
    expect((await memory.ledger.head())?.size).toBe(3);
  });
});

describe('a signature', () => {
  it('is asked for only after the order rows of its size are kept', async () => {
    const memory = memoryLedger();
    memory.append(entryOf(0), 0);
    const seen: string[] = [];
    const deps = { ledger: memory.ledger, signer: kms.signer, origin, now: () => now, log: makeLog() };
    await sealLedger(
      wrapped(deps, async (call, _, name) => {
        const answer = await call();
        seen.push(name);
        return answer;
      }),
    );
    const steps = ['keepOrder', 'sign', 'keepCheckpoint', 'moveHead', 'forget'];
    expect(seen.filter((name) => steps.includes(name))).toEqual([...steps, 'moveHead']);
    expect(base64url.decode(memory.checkpoints.get(1)?.split('.')[2] ?? '')).toHaveLength(64);
  });
});
