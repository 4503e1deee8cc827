import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../../../lib/aws/dynamodb/readers/cases.ts';
import { authorityId, credentialId } from '../../../../lib/domain/ids.ts';
import { shardOf } from '../../../../lib/domain/case/obligation.ts';
import { credentialName } from '../../../../lib/domain/names.ts';
import type { Write } from '../../../../lib/domain/transaction/write.ts';
import { at, caseOf, credentialOf, obligationOf } from '../../../domain/objects.ts';
import { freshCase, opened } from '../../rows.ts';
import { fresh, startTables, tables, type World } from '../../world.ts';

let world: World;
let read: ReturnType<typeof cases>;
beforeAll(async () => {
  world = await startTables();
  read = cases(world.client, tables.cases);
});
afterAll(() => world.close());

describe('signals', () => {
  it('are known by the digest that was seen first', async () => {
    const signal = { account: '111122223333', source: 'bank', id: fresh('event') };
    expect(await read.signals.digestOf(signal)).toBeUndefined();
    await world.given({ kind: 'see-signal', signal, digest: 'dd', at });
    expect(await read.signals.digestOf(signal)).toBe('dd');
    expect(await read.signals.digestOf({ ...signal, source: 'other' })).toBeUndefined();
  });
});

describe('cases', () => {
  it('are read back as they were opened', async () => {
    const of = freshCase({ follows: freshCase().id, shards: 3 });
    await world.given(opened(of));
    expect(await read.cases.find(of.id)).toEqual(of);
  });

  it('are read back as they were moved', async () => {
    const of = freshCase({ state: 'working', cursors: 0 });
    await world.given(opened(of));
    const to = { state: 'closed', cursors: 0 } as const;
    await world.given({ kind: 'move-case', case: of.id, from: of, to, completeAt: at });
    expect(await read.cases.find(of.id)).toEqual({ ...of, state: 'closed', completeAt: at });
  });

  it('have the last follow-up as their latest', async () => {
    const { subject, ...first } = freshCase({ state: 'closed', cursors: 0 });
    const second = caseOf({ subject, round: 2, follows: first.id, state: 'closed', cursors: 0 });
    const third = caseOf({ subject, round: 3, follows: second.id });
    const latest = () => read.cases.latest(first.id);
    await world.given(opened({ subject, ...first }));
    expect((await latest())?.id).toBe(first.id);
    await world.given(opened(second));
    await world.given(opened(third));
    expect(await latest()).toEqual(third);
  });

  it('are their own latest while they run', async () => {
    const of = freshCase();
    await world.given(opened(of));
    expect(await read.cases.latest(of.id)).toEqual(of);
  });
});

describe('cursors', () => {
  it('wait one after the other until each is dropped', async () => {
    const of = freshCase();
    const root = { kind: 'consent', id: of.subject.id, generation: 1 } as const;
    const node = { kind: 'credential', authority: 'bank', id: 'rt#1' } as const;
    await world.given(opened(of));
    expect(await read.cases.nextCursor(of.id)).toEqual({ node: root });
    await world.given({ kind: 'add-cursor', case: of.id, node, dueAt: '2026-01-01T00:00:00.000Z' });
    expect((await read.cases.find(of.id))?.cursors).toBe(2);
    await world.given({ kind: 'move-cursor', case: of.id, cursor: { node: root }, after: 'edge#1' });
    expect(await read.cases.nextCursor(of.id)).toEqual({ node: root, after: 'edge#1' });
    await world.given({ kind: 'drop-cursor', case: of.id, cursor: { node: root, after: 'edge#1' } });
    expect(await read.cases.nextCursor(of.id)).toEqual({ node });
    await world.given({ kind: 'drop-cursor', case: of.id, cursor: { node } });
    expect(await read.cases.nextCursor(of.id)).toBeUndefined();
  });
});

describe('tallies', () => {
  it('add up, and are undefined where nothing was counted', async () => {
    const of = freshCase({ shards: 3 });
    const add = (shard: number, tally: object): Write => ({ kind: 'add-tally', case: of.id, shard, tally });
    await world.given(add(2, { planned: 3, open: 3, uncovered: 1 }));
    await world.given(add(2, { open: -2, dead: 2, uncovered: -1 }));
    await world.given(add(0, { planned: 1, open: 1 }));
    const none = { draining: 0, waived: 0, uncovered: 0 };
    expect(await read.cases.tallies(of)).toEqual([
      { ...none, planned: 1, open: 1, dead: 0 },
      undefined,
      { ...none, planned: 3, open: 1, dead: 2 },
    ]);
  });
});

describe('planned', () => {
  it('names those with an obligation in this case, whatever its state, in any shard', async () => {
    const of = freshCase({ shards: 5 });
    const credentials = Array.from({ length: 12 }, (_, n) => credentialOf({ id: credentialId(`rt-${n}`) }));
    const inCase = credentials.slice(0, 7);
    for (const { id } of inCase)
      await world.given({
        kind: 'open-obligation',
        obligation: obligationOf({
          case: of.id,
          id,
          shard: shardOf({ authority: authorityId('bank'), id }, 5),
        }),
      });
    expect([...(await read.cases.visited(of, credentials))].sort()).toEqual(
      inCase.map(credentialName).sort(),
    );
    expect(await read.cases.visited(freshCase(), credentials)).toEqual(new Set());
    expect(await read.cases.visited(of, [])).toEqual(new Set());
  });
});
