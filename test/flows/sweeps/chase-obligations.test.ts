import { describe, expect, it } from 'vitest';
import { cases } from '../../../lib/aws/dynamodb/readers/cases.ts';
import { obligationKey } from '../../../lib/aws/dynamodb/writes/cases.ts';
import { shardName } from '../../../lib/aws/dynamodb/keys.ts';
import { authorityId, type AuthorityId, caseId, type CaseId, credentialId } from '../../../lib/domain/ids.ts';
import { dueShards } from '../../../lib/domain/limits.ts';
import type { Chunk } from '../../../lib/domain/case/obligation.ts';
import {
  type Due,
  type ChaseObligations,
  chaseObligations,
} from '../../../lib/flows/sweeps/chase-obligations.ts';
import { tables } from '../../aws/world.ts';
import { caseOf, now, obligationOf, rfc3339 } from '../../domain/objects.ts';
import { invocation, startSweptTables } from '../swept-tables.ts';

/** Overdue obligations of one authority, each in a case of its own, like those of expired credentials. */
const owed = (authority: string, count: number, minutes: number) =>
  Array.from({ length: count }, (_, index) => {
    const id = credentialId(`rt-${index}`);
    const subject = { type: 'credential', authority: authorityId(authority), id } as const;
    const { id: of } = caseOf({ kind: 'credential-expired', subject });
    const dueAt = rfc3339(now - minutes * 60_000);
    const one = obligationOf({ case: of, authority: authorityId(authority), id, attempts: 1, dueAt });
    return { ...obligationKey(one), ...one, dueShard: shardName('due', `${authority}#${id}`, dueShards) };
  });

const chunk = (authority: string, name: string): Due => ({
  kind: 'obligation',
  chunk: { case: caseId(name), shard: 0, authority: authorityId(authority) },
});

/** Due shards with these rows, in pages of two. */
const shardsOf = (rows: Readonly<Record<number, readonly Due[]>>, onPage = () => {}) =>
  async function* due(shard: number): AsyncGenerator<readonly Due[]> {
    const all = rows[shard] ?? [];
    for (let start = 0; start < all.length; start += 2) {
      onPage();
      yield all.slice(start, start + 2);
    }
  };

/** The chunks and cases that one run wakes, and its log lines. */
async function chase(over: Pick<ChaseObligations, 'due'> & Partial<ChaseObligations>, onWake = () => {}) {
  const planners: CaseId[] = [];
  const chunks: Chunk[] = [];
  const warned: unknown[] = [];
  const counts = await chaseObligations({
    now: () => now,
    remainingMs: () => 30_000,
    healthOf: async () => new Map(),
    wakePlanner: async (id) => {
      planners.push(id);
      onWake();
    },
    wakeWorkers: async (some) => {
      chunks.push(...some);
      onWake();
    },
    log: { info: () => {}, error: () => {}, warn: (_, facts) => void warned.push(facts) },
    ...over,
  });
  const of = (authority: string) => chunks.filter((one) => one.authority === authority).length;
  return { counts, planners, chunks, warned, of };
}

/** P9: one dead authority does not slow the others. */
describe('chaseObligations', () => {
  // Regression: only the 500 oldest rows of each shard were read. With 4,400 rows of a dead authority, no other authority was ever woken.
  it('wakes an authority behind thousands of older rows of another', async () => {
    const world = await startSweptTables();
    await world.put(tables.cases, [...owed('dead', 4_400, 90), ...owed('well', 20, 5)]);
    const { counts, of, warned } = await chase({ due: cases(world.client, tables.cases).due });
    expect([of('well'), of('dead')]).toEqual([20, 200]);
    expect(counts).toEqual({ cases: 0, chunks: 220 });
    expect(warned).toEqual([]);
  });

  it('wakes each chunk and each walk once, however many rows and pages name it', async () => {
    const planner: Due = { kind: 'case', case: caseId('c') };
    const rows = [chunk('bank', 'a'), chunk('bank', 'b'), planner, chunk('bank', 'a'), chunk('well', 'a')];
    const { counts, planners, chunks } = await chase({ due: shardsOf({ 0: rows, 3: rows }) });
    expect(counts).toEqual({ cases: 1, chunks: 3 });
    expect(planners).toEqual(['c']);
    expect(chunks.map((one) => `${one.authority}/${one.case}`)).toEqual(['bank/a', 'bank/b', 'well/a']);
  });

  it('takes turns between walks and authorities, so that all of them are woken when time is short', async () => {
    const rows = [
      ...Array.from({ length: 600 }, (_, index) => chunk(`dead-${index % 3}`, `d-${index}`)),
      ...Array.from({ length: 20 }, (_, index) => chunk('well', `w-${index}`)),
      ...Array.from({ length: 20 }, (_, index): Due => ({ kind: 'case', case: caseId(`c-${index}`) })),
    ];
    const { remainingMs, spend } = invocation(30_000);
    const woken = await chase({ due: shardsOf({ 0: rows }), remainingMs }, () => spend(500));
    expect([woken.of('well'), woken.planners.length]).toEqual([20, 20]);
    const left = rows.length - woken.planners.length - woken.chunks.length;
    expect(left).toBeGreaterThan(200);
    expect(woken.warned).toEqual([{ ...woken.counts, left, whole: true }]);
  });

  it('wakes the rows that it found when the time to read is over, and logs that there are more', async () => {
    const { remainingMs, spend } = invocation(30_000);
    const rows = Array.from({ length: 40 }, (_, index) => chunk('bank', `a-${index}`));
    const woken = await chase({ due: shardsOf({ 0: rows }, () => spend(4_000)), remainingMs });
    expect(woken.chunks).toHaveLength(6);
    expect(woken.warned).toEqual([{ cases: 0, chunks: 6, left: 0, whole: false }]);
  });

  it('reaches each shard in one of eight runs, although each run has time for only one shard', async () => {
    const rows = Array.from({ length: dueShards }, (_, shard) =>
      Array.from({ length: 40 }, (__, index) => chunk(`bank-${shard}`, `a-${index}`)),
    );
    const reached = new Set<string>();
    for (let run = 0; run < dueShards; run += 1) {
      const { remainingMs, spend } = invocation(30_000);
      const at = now + run * 60_000;
      const due = shardsOf(rows, () => spend(4_000));
      for (const one of (await chase({ due, remainingMs, now: () => at })).chunks) reached.add(one.authority);
    }
    expect(reached.size).toBe(dueShards);
  });

  it('wakes no worker for a paused authority, and one worker after the pause while it has not answered', async () => {
    const rows = ['paused', 'failing', 'well'].flatMap((of) =>
      Array.from({ length: 20 }, (_, index) => chunk(of, `c-${index}`)),
    );
    const health = (seconds: number) => ({
      failingSince: rfc3339(now - 600_000),
      pausedUntil: rfc3339(now + seconds * 1000),
      pauses: 2,
      because: 'timeout',
    });
    const asked: AuthorityId[][] = [];
    const { of } = await chase({
      due: shardsOf({ 0: rows }),
      healthOf: async (authorities) => {
        asked.push([...authorities]);
        return new Map([
          [authorityId('paused'), health(1)],
          [authorityId('failing'), health(0)],
        ]);
      },
    });
    expect([of('paused'), of('failing'), of('well')]).toEqual([0, 1, 20]);
    expect(asked).toEqual([['paused', 'failing', 'well']]);
  });
});
