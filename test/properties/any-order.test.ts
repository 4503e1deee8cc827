import { describe, expect, it } from 'vitest';
import { deliveriesOf, historyOf, randomOf } from './history.ts';
import { endOf } from './reference-model.ts';
import { startSmallWorld } from './small-world.ts';

// P2, P3, P4, P8

/** Set RESCIND_SEED to play one history again. */
const given = process.env['RESCIND_SEED'];
const seeds = given === undefined ? Array.from({ length: 1_000 }, (_, n) => n + 1) : [Number(given)];

/** So many in one test, so that a run shows where it stands. */
const atOnce = 50;

async function play(seed: number): Promise<readonly [got: object, wanted: object]> {
  const random = randomOf(seed);
  const history = historyOf(random);
  const world = await startSmallWorld(random);
  try {
    await world.deliver(deliveriesOf(history, random));
    await world.settle();
    return [
      { seed, ...(await world.end()) },
      { seed, ...endOf(history), problems: [] },
    ];
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    await world.close();
  }
}

/** Longer than any queue, bus or archive of theirs keeps a message. */
const yearMs = 365 * 86_400_000;

describe('a history that is told once more a year later', () => {
  it.each([1, 2, 3, 5, 8, 13, 21, 34])('changes nothing and enters nothing, seed %i', async (seed) => {
    const random = randomOf(seed);
    const history = historyOf(random);
    const world = await startSmallWorld(random);
    try {
      await world.deliver(deliveriesOf(history, random));
      await world.settle();
      const before = { end: await world.end(), entries: await world.entries() };
      await world.sleep(yearMs);
      await world.deliver(history);
      const after = { end: await world.end(), entries: await world.entries() };
      expect(after).toEqual(before);
    } finally {
      await world.close();
    }
  });
});

describe('a history that is told twice, in any order, with lost wake-ups and lagging indexes', () => {
  it.each(
    Array.from({ length: Math.ceil(seeds.length / atOnce) }, (_, n) =>
      seeds.slice(n * atOnce, (n + 1) * atOnce),
    ).map((some) => [some[0], some.at(-1), some] as const),
  )('ends as the reference model says, seeds %i to %i', async (_first, _last, some) => {
    for (const seed of some) {
      const [got, wanted] = await play(seed);
      expect(got).toEqual(wanted);
    }
  });
});
