import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { turns } from '../../../lib/aws/dynamodb/readers/turns.ts';
import type { Chunk } from '../../../lib/domain/case/obligation.ts';
import { authorityId } from '../../../lib/domain/ids.ts';
import { workObligations, type WorkObligations } from '../../../lib/flows/work/work-obligations.ts';
import { freshCase } from '../../aws/rows.ts';
import { fresh, startTables, tables, type World } from '../../aws/world.ts';
import { caseOf, now, obligationOf, rfc3339 } from '../../domain/objects.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
});
afterAll(() => world.close());

const chunkAt = (authority: string): Chunk => ({
  case: freshCase().id,
  shard: 0,
  authority: authorityId(authority),
});

/**
 * Workers of one authority that is not registered, so that only the hand-over happens. A woken worker runs at once, inside the call
 * that wakes it: the worst possible order.
 */
function workers(over: Partial<WorkObligations> = {}) {
  const clock = { now: () => now, newId: () => fresh('worker'), rfc3339 };
  const worked: Chunk[] = [];
  const outcomes: string[] = [];
  const deps: WorkObligations = {
    ...turns(world.client, tables.cases, clock),
    ...clock,
    commit: async () => ({ ok: true }),
    send: async () => {},
    log: { info: () => {}, warn: () => {}, error: () => {} },
    measure: () => {},
    random: () => 0,
    remainingMs: () => 30_000,
    notes: { open: async () => ({ seen: new Map(), note: async () => {}, settled: () => {} }) },
    cases: { find: async () => caseOf({ state: 'working', cursors: 0 }), tallies: async () => [undefined] },
    obligations: {
      due: async (chunk) => {
        worked.push(chunk);
        return [];
      },
    },
    edges: { page: async () => ({ refs: [] }) },
    credentials: { findAll: async () => [] },
    authorities: { find: async () => undefined },
    clients: { find: async () => undefined },
    connect: () => {
      throw new Error('nobody is called here');
    },
    openHandle: async () => undefined,
    wakeWorker: async (chunk) => void outcomes.push(await workObligations(chunk, deps)),
    ...over,
  };
  return { deps, worked, outcomes, work: (chunk: Chunk) => workObligations(chunk, deps) };
}

// P9, regression: 3 of 5 cases of 1,000 credentials waited 28 to 89 s. A worker woke its successor while it still held its lease, and
// the successor found the chunk leased and ended
describe('the hand-over between workers', () => {
  it('wakes the successor for an unfinished chunk after the turn is released, so that it never finds the authority busy', async () => {
    const one = chunkAt(fresh('bank'));
    let left = 3;
    let passes = 0;
    const { outcomes, work } = workers({
      // the function's time is up in each chunk until its third worker
      remainingMs: () => (left > 0 ? 0 : 30_000),
      obligations: {
        due: async (chunk) => {
          passes += 1;
          left -= 1;
          return left >= 0 ? [obligationOf({ ...chunk })] : [];
        },
      },
    });
    expect(await work(one)).toBe('worked');
    expect(passes).toBeGreaterThanOrEqual(3);
    expect(outcomes.length).toBeGreaterThanOrEqual(2);
    expect(new Set(outcomes)).toEqual(new Set(['worked']));
  });

  it('makes the holder continue with the chunk of a worker that found the authority busy', async () => {
    const bank = fresh('bank');
    const [one, other, third] = [chunkAt(bank), chunkAt(bank), chunkAt(bank)];
    const arrive = [other, third];
    const { worked, work, deps } = workers();
    const busy: string[] = [];
    const arriving: WorkObligations = {
      ...deps,
      obligations: {
        due: async (...asked) => {
          const next = arrive.shift();
          if (next) busy.push(await work(next));
          return deps.obligations.due(...asked);
        },
      },
    };
    await workObligations(one, arriving);
    expect(busy).toEqual(['busy', 'busy']);
    expect(new Set(worked)).toEqual(new Set([one, other, third]));
  });

  it('wakes a worker for a chunk that came too late for the holder', async () => {
    const bank = fresh('bank');
    const [one, late] = [chunkAt(bank), chunkAt(bank)];
    const { worked, outcomes, work, deps } = workers();
    const kinds: string[] = [];
    const holder: WorkObligations = {
      ...deps,
      // no time for another chunk
      remainingMs: () => 0,
      obligations: {
        due: async (...asked) => {
          if (kinds.length === 0) kinds.push(await work(late));
          return deps.obligations.due(...asked);
        },
      },
    };
    await workObligations(one, holder);
    expect(kinds).toEqual(['busy']);
    expect(outcomes).toEqual(['worked']);
    expect(worked).toContainEqual(late);
  });

  it('works on a chunk that came between the last look and the release', async () => {
    const bank = fresh('bank');
    const [one, late] = [chunkAt(bank), chunkAt(bank)];
    const { deps, work } = workers();
    const kinds: string[] = [];
    const holder: WorkObligations = {
      ...deps,
      turns: {
        take: async (...asked) => {
          const taken = await deps.turns.take(...asked);
          if (taken.kind !== 'taken') return taken;
          return {
            ...taken,
            release: async (health) => {
              kinds.push(await work(late));
              return taken.release(health);
            },
          };
        },
      },
    };
    const woken: Chunk[] = [];
    await workObligations(one, { ...holder, wakeWorker: async (chunk) => void woken.push(chunk) });
    expect(kinds).toEqual(['busy']);
    expect(woken).toEqual([late]);
  });

  it('releases the turn of a worker that failed, and wakes a worker for the waiting chunk', async () => {
    const bank = fresh('bank');
    const [one, waiting] = [chunkAt(bank), chunkAt(bank)];
    const { deps, work, outcomes } = workers();
    let arrived = false;
    const breaking: WorkObligations = {
      ...deps,
      obligations: {
        due: async () => {
          if (!arrived) await work(waiting);
          arrived = true;
          throw new Error('DynamoDB is away');
        },
      },
    };
    await expect(workObligations(one, breaking)).rejects.toThrow('DynamoDB is away');
    expect(outcomes).toEqual(['worked']);
    expect(await work(one)).toBe('worked');
  });
});
