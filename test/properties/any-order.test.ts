import { describe, expect, it } from 'vitest';
import { deliveriesOf, type Happening, historyOf, randomOf } from './history.ts';
import { endOf } from './reference-model.ts';
import { seedsIn } from './seeds.ts';
import { type SmallWorld, startSmallWorld } from './small-world.ts';

// P2, P3, P4, P8

const seeds = seedsIn(process.env);

/** So many in one test, so that a run shows where it stands. */
const seedsPerTest = 50;

/** So many worlds side by side: one works while others wait for a transaction to be tried again. */
const worldsAtOnce = 5;

/** Plays a history in a world of its own, told twice and at rest; whatever throws names the seed. */
async function played<Result>(
  seed: number,
  look: (world: SmallWorld, history: readonly Happening[]) => Promise<Result>,
): Promise<Result> {
  const random = randomOf(seed);
  const history = historyOf(random);
  const world = await startSmallWorld(random);
  try {
    await world.deliver(deliveriesOf(history, random));
    await world.settle();
    return await look(world, history);
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
    const [before, after] = await played(seed, async (world, history) => {
      const look = async () => ({ end: await world.end(), entries: await world.entries() });
      const first = await look();
      await world.sleep(yearMs);
      await world.deliver(history);
      return [first, await look()];
    });
    expect(after).toEqual(before);
  });
});

describe('a history that is told twice, in any order, with lost wake-ups and lagging indexes', () => {
  it.each(inGroups(seeds, seedsPerTest).map((some) => [some[0], some.at(-1), some] as const))(
    'ends as the reference model says, seeds %i to %i',
    async (_first, _last, some) => {
      for (const group of inGroups(some, worldsAtOnce))
        await Promise.all(
          group.map(async (seed) => {
            const ends = async (world: SmallWorld, history: readonly Happening[]) =>
              [await world.end(), endOf(history)] as const;
            const [got, wanted] = await played(seed, ends);
            expect({ seed, ...got }).toEqual({ seed, ...wanted, problems: [] });
          }),
        );
    },
  );
});

function inGroups<One>(all: readonly One[], size: number): readonly (readonly One[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
