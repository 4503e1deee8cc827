import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../lib/aws/dynamodb/readers/cases.ts';
import type { CaseId } from '../../lib/domain/ids.ts';
import { authorityId, credentialId } from '../../lib/domain/ids.ts';
import type { Obligation } from '../../lib/domain/case/obligation.ts';
import { now, obligationOf, rfc3339 } from '../domain/objects.ts';
import { allDue } from './all-due.ts';
import { freshCase, opened } from './rows.ts';
import { startTables, tables, type World } from './world.ts';

let world: World;
let read: ReturnType<typeof cases>;
beforeAll(async () => {
  world = await startTables();
  read = cases(world.client, tables.cases);
});
afterAll(() => world.close());

const chunkOf = (id: CaseId) => ({ case: id, shard: 0, authority: authorityId('bank') });
const ids = (rows: readonly Obligation[]) => rows.map(({ id }) => id);

async function owed(of: CaseId, name: string, over: Partial<Obligation> = {}): Promise<Obligation> {
  const obligation = obligationOf({ case: of, id: credentialId(name), ...over });
  await world.given({ kind: 'open-obligation', obligation });
  return obligation;
}

describe('obligations of a chunk', () => {
  it('are read back as they were opened and settled', async () => {
    const { id } = freshCase();
    const from = await owed(id, 'rt-1', { uncovered: true });
    expect(await read.obligations.due(chunkOf(id), now, 9)).toEqual([from]);
    const to = { state: 'draining', attempts: 1, dueAt: rfc3339(now), uncovered: false } as const;
    const seen = { seenActiveAt: now - 5, deadBy: rfc3339(now + 5) };
    await world.given({
      kind: 'settle-obligation',
      from,
      to: { ...to, ...seen, last: 'unconfirmed/unknown' },
    });
    expect(await read.obligations.due(chunkOf(id), now, 9)).toEqual([
      { ...from, ...to, ...seen, last: 'unconfirmed/unknown' },
    ]);
  });

  it('keep what was seen active when a later attempt saw nothing', async () => {
    const { id } = freshCase();
    const from = await owed(id, 'rt-1', { seenActiveAt: now - 5 });
    const to = { state: 'open', attempts: 1, dueAt: rfc3339(now), uncovered: false, last: 'l' } as const;
    await world.given({ kind: 'settle-obligation', from, to });
    expect(await read.obligations.due(chunkOf(id), now, 9)).toMatchObject([{ seenActiveAt: now - 5 }]);
  });

  it('are due when never tried, or when their time has come', async () => {
    const { id } = freshCase();
    const later = rfc3339(now + 1);
    await owed(id, 'never-tried', { dueAt: later });
    await owed(id, 'tried-and-due', { attempts: 1, dueAt: rfc3339(now) });
    await owed(id, 'tried-and-later', { attempts: 1, dueAt: later });
    await owed(id, 'draining-and-due', { state: 'draining', attempts: 1 });
    await owed(id, 'dead', { state: 'dead' });
    await owed(id, 'waived', { state: 'waived' });
    expect(ids(await read.obligations.due(chunkOf(id), now, 9)).sort()).toEqual([
      'draining-and-due',
      'never-tried',
      'tried-and-due',
    ]);
  });

  it('are those of its authority and shard only, also where one name begins another', async () => {
    const { id } = freshCase();
    await owed(id, 'mine');
    await owed(id, 'other-shard', { shard: 1 });
    await owed(id, 'other-authority', { authority: authorityId('bank2') });
    await owed(id, 'odd-authority', { authority: authorityId('bank#') });
    expect(ids(await read.obligations.due(chunkOf(id), now, 9))).toEqual(['mine']);
  });

  it('come up to a limit, also when more than one page of others stands before them', async () => {
    const { id } = freshCase();
    const rows = Array.from({ length: 205 }, (_, n) => `a-${String(n).padStart(3, '0')}`);
    for (let start = 0; start < rows.length; start += 41)
      await world.given(
        ...rows.slice(start, start + 41).map((name) => {
          const obligation = obligationOf({ case: id, id: credentialId(name), state: 'dead' });
          return { kind: 'open-obligation', obligation } as const;
        }),
      );
    for (const name of ['b-1', 'b-2', 'b-3']) await owed(id, name);
    expect(ids(await read.obligations.due(chunkOf(id), now, 2))).toEqual(['b-1', 'b-2']);
  });
});

describe('the index of what is due', () => {
  const sweep = (dueBy: number) => allDue(read.due, rfc3339(dueBy));
  const kindsOf = async (id: CaseId, dueBy: number) =>
    (await sweep(dueBy))
      .filter((row) => (row.kind === 'case' ? row.case : row.chunk.case) === id)
      .map(({ kind }) => kind);

  it('names a case and a chunk from their time on', async () => {
    const of = freshCase();
    await world.given({ ...opened(of), dueAt: rfc3339(now) } as ReturnType<typeof opened>);
    await owed(of.id, 'rt#1', { dueAt: rfc3339(now + 10), authority: authorityId('b#nk') });
    expect(await kindsOf(of.id, now - 1)).toEqual([]);
    expect(await kindsOf(of.id, now)).toEqual(['case']);
    expect((await kindsOf(of.id, now + 10)).sort()).toEqual(['case', 'obligation']);
    expect(await sweep(now + 10)).toContainEqual({
      kind: 'obligation',
      chunk: { case: of.id, shard: 0, authority: 'b#nk' },
    });
  });

  it('forgets a closed case', async () => {
    const of = freshCase({ state: 'working', cursors: 0 });
    await world.given(opened(of));
    const to = { state: 'closed', cursors: 0 } as const;
    await world.given({ kind: 'move-case', case: of.id, from: of, to, completeAt: rfc3339(now) });
    expect(await kindsOf(of.id, now + 1e9)).toEqual([]);
  });

  it.each(['dead', 'waived'] as const)('forgets an obligation that is %s', async (state) => {
    const { id } = freshCase();
    const from = await owed(id, 'rt-1');
    const to = { state, attempts: 1, dueAt: rfc3339(now), uncovered: false, last: 'accepted/dead' };
    await world.given({ kind: 'settle-obligation', from, to });
    expect(await kindsOf(id, now + 1e9)).toEqual([]);
  });

  it.each(['open', 'draining'] as const)(
    'keeps an obligation that is %s, at its next time',
    async (state) => {
      const { id } = freshCase();
      const from = await owed(id, 'rt-1');
      const to = { state, attempts: 1, dueAt: rfc3339(now + 50), uncovered: false, last: 'l' };
      await world.given({ kind: 'settle-obligation', from, to });
      expect(await kindsOf(id, now + 49)).toEqual([]);
      expect(await kindsOf(id, now + 50)).toEqual(['obligation']);
    },
  );

  it('names what was postponed at its new time', async () => {
    const of = freshCase();
    await world.given(opened(of));
    const obligation = await owed(of.id, 'rt-1');
    const dueAt = rfc3339(now + 50);
    await world.given({ kind: 'postpone-obligation', obligation, dueAt });
    await world.given({ kind: 'postpone-case', case: of.id, dueAt });
    expect(await kindsOf(of.id, now + 49)).toEqual([]);
    expect(await kindsOf(of.id, now + 50)).toHaveLength(2);
  });
});
