import { describe, expect, it } from 'vitest';
import { planGroup, planPageCredentials, walkBranches, walkEdges } from '../../lib/domain/limits.ts';
import { type Happening, randomOf, type Told } from './history.ts';
import { endOf } from './reference-model.ts';
import { startSmallWorld } from './small-world.ts';

// P2, P3: what random histories are too small for

const consent = { id: 'consent-0', generation: 1 };
const withdrawn: Happening = { kind: 'withdrawn', consent, source: 'bank.consents' };
const token = (id: string, over: Partial<Told> = {}): Happening => ({
  kind: 'announced',
  credential: { authority: 'bank', id, kind: 'access_token', partner: 'acme', ...over },
});
const at = (id: string, authority = 'bank') => ({ authority, id });
const many = <One>(count: number, make: (n: number) => One): One[] =>
  Array.from({ length: count }, (_, n) => make(n));
const homes = ['bank', 'aggregator'] as const;
const homeOf = (n: number) => homes[n % 2] ?? 'bank';

const shapes: Readonly<Record<string, readonly Happening[]>> = {
  'a chain of forty exchanges over two authorities': many(40, (n) =>
    token(`t-${n}`, {
      authority: homeOf(n),
      ...(n === 0 ? { consent } : { parent: at(`t-${n - 1}`, homeOf(n - 1)) }),
    }),
  ),
  'a circle of thirty, entered at one place': many(30, (n) =>
    token(`t-${n}`, { parent: at(`t-${(n + 29) % 30}`), ...(n === 7 && { consent }) }),
  ),
  'a diamond of refreshes and exchanges': [
    token('top', { consent }),
    token('left', { parent: at('top') }),
    token('right', { replaces: at('top') }),
    token('bottom', { parent: at('left'), grant: 'g' }),
    token('sibling', { parent: at('right'), grant: 'g' }),
  ],
  'more children than one listing holds': [
    token('root', { consent }),
    ...many(3 * walkEdges + 7, (n) => token(`t-${n}`, { parent: at('root') })),
  ],
  'more members of a grant than one listing holds': [
    token('root', { consent, grant: 'g' }),
    ...many(2 * walkEdges + 3, (n) => token(`t-${n}`, { grant: 'g' })),
  ],
  'more nodes with many children than one step leaves': [
    ...many(planGroup, (n) => token(`p-${n}`, { consent })),
    ...many(walkBranches + 1, (n) =>
      many(walkEdges + 2, (m) => token(`t-${n}-${m}`, { parent: at(`p-${n}`) })),
    ).flat(),
  ],
  'a grant with many members, held by nodes with many children': [
    ...many(planGroup, (n) => token(`p-${n}`, { consent, grant: 'g' })),
    ...many(walkEdges, (n) => token(`m-${n}`, { grant: 'g' })),
    ...many(walkBranches + 1, (n) =>
      many(walkEdges + 1, (m) => token(`t-${n}-${m}`, { parent: at(`p-${n}`) })),
    ).flat(),
  ],
  'more credentials under a consent than one page holds': [
    ...many(planPageCredentials + 30, (n) => token(`t-${n}`, { consent, grant: `g-${n}` })),
    token('last', { grant: 'g-229' }),
  ],
  'nothing of a grant that another partner named': [
    token('forged', { consent, grant: 'g', partner: 'birch' }),
    token('victim', { grant: 'g', partner: 'acme' }),
    token('own', { grant: 'g', partner: 'birch' }),
  ],
  'a branch that a consent that stands keeps alive, with all that grew out of it': [
    token('root', { consent }),
    token('kept', { parent: at('root'), consent: { id: 'consent-9', generation: 1 } }),
    token('below', { parent: at('kept') }),
    token('beside', { parent: at('root') }),
  ],
};

describe('the walk reaches all of', () => {
  it.each(Object.entries(shapes))('%s, told before the withdrawal', async (_, history) => {
    const told = [...history, withdrawn];
    expect(await endAfter(told)).toEqual({ ...endOf(told), problems: [] });
  });

  it.each(Object.entries(shapes))('%s, told after it, the last first', async (_, history) => {
    const told = [withdrawn, ...history.toReversed()];
    expect(await endAfter(told)).toEqual({ ...endOf(told), problems: [] });
  });
});

async function endAfter(history: readonly Happening[]) {
  const world = await startSmallWorld(randomOf(history.length));
  try {
    await world.deliver(history);
    await world.settle();
    return await world.end();
  } finally {
    await world.close();
  }
}
