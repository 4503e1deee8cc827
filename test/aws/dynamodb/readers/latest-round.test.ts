import { describe, expect, it } from 'vitest';
import { cases } from '../../../../lib/aws/dynamodb/readers/cases.ts';
import { latestRound } from '../../../../lib/aws/dynamodb/readers/latest-round.ts';
import type { Case } from '../../../../lib/domain/case/case.ts';
import type { CaseId } from '../../../../lib/domain/ids.ts';
import { caseOf } from '../../../domain/objects.ts';
import { opened } from '../../rows.ts';
import { startTables, tables } from '../../world.ts';

const round = (number: number, state: Case['state'] = 'closed'): Case =>
  caseOf({ round: number, state, cursors: 0 });

/** A case with its follow-ups, up to this round. */
function chain(last: number, state: Case['state'] = 'closed') {
  const rows = new Map<CaseId, Case>();
  const add = (one: Case) => void rows.set(one.id, one);
  for (let number = 1; number < last; number += 1) add(round(number));
  add(round(last, state));
  return { rows, add, find: async (id: CaseId) => rows.get(id) };
}

describe('latestRound', () => {
  it.each(['closed', 'working'] as const)(
    'is the last of any number of rounds, begun at any, the last %s',
    async (state) => {
      for (let last = 1; last <= 40; last += 1) {
        const { rows, find } = chain(last, state);
        for (const first of rows.values()) expect((await latestRound(first, find)).round).toBe(last);
      }
    },
  );

  // each round that opens between two reads: an answer that missed it has to be closed, for then its follow-up fails as taken
  it('is never a running case that is not the last, whatever opens while it looks', async () => {
    for (let last = 1; last <= 20; last += 1)
      for (let after = 0; after < 8; after += 1) {
        const { add, find } = chain(last);
        let reads = 0;
        const found = await latestRound(round(1), async (id) => {
          const one = await find(id);
          reads += 1;
          if (reads === after) add(round(last + 1, 'working'));
          return one;
        });
        expect([
          [last, 'closed'],
          [last + 1, 'working'],
        ]).toContainEqual([found.round, found.state]);
      }
  });

  // was one read for each round, one after the other, for each credential that arrived: 1,000 of them for this case
  it('takes fewer than 25 strong reads for 1,000 rounds', async () => {
    const world = await startTables();
    for (let number = 1; number <= 1_000; number += 20)
      await world.given(...Array.from({ length: 20 }, (_, index) => opened(round(number + index))));
    const reads: unknown[] = [];
    world.gateway.use((call, next) => {
      reads.push((call.input as { ConsistentRead?: boolean }).ConsistentRead);
      return next();
    });
    const latest = await cases(world.client, tables.cases).cases.latest(round(1).id);
    await world.close();
    expect(latest).toEqual(round(1_000));
    expect(reads.length).toBeLessThan(25);
    expect(new Set(reads)).toEqual(new Set([true]));
  });
});
