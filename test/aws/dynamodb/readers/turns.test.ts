import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { turns } from '../../../../lib/aws/dynamodb/readers/turns.ts';
import { authorityId } from '../../../../lib/domain/ids.ts';
import { now, rfc3339 } from '../../../domain/objects.ts';
import { freshCase } from '../../rows.ts';
import { fresh, startTables, tables, type World } from '../../world.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
});
afterAll(() => world.close());

const chunk = (authority = fresh('bank')) => ({
  case: freshCase().id,
  shard: 0,
  authority: authorityId(authority),
});

/** Workers on a clock that the test moves. */
function workers() {
  const clock = { time: now, now: () => clock.time, newId: () => fresh('owner'), rfc3339 };
  const { turns: of, healthOf } = turns(world.client, tables.cases, clock);
  const take = async (one: ReturnType<typeof chunk>, until = now + 1_000) => {
    const taken = await of.take(one, until);
    if (taken.kind !== 'taken') throw new Error(`not taken: ${taken.kind}`);
    return taken;
  };
  const kindOf = async (one: ReturnType<typeof chunk>, until = now + 1_000) =>
    (await of.take(one, until)).kind;
  return { clock, healthOf, take, kindOf };
}

const failing = (pausedUntil: number) => ({
  failingSince: rfc3339(now),
  pausedUntil: rfc3339(pausedUntil),
  pauses: 1,
  because: 'timeout',
});

describe('a turn at an authority (P9)', () => {
  it('has one holder, whichever case or shard it works', async () => {
    const { take, kindOf } = workers();
    const one = chunk();
    await take(one);
    expect(await kindOf(one)).toBe('busy');
    expect(await kindOf(chunk(one.authority))).toBe('busy');
    expect(await kindOf({ ...one, shard: 1 })).toBe('busy');
  });

  it('goes to one of many who come at once', async () => {
    const { kindOf } = workers();
    const { authority } = chunk();
    const kinds = await Promise.all(Array.from({ length: 8 }, () => kindOf(chunk(authority))));
    expect(kinds.filter((kind) => kind === 'taken')).toHaveLength(1);
  });

  it('at one authority keeps nobody from another', async () => {
    const { take, kindOf } = workers();
    await take(chunk());
    expect(await kindOf(chunk())).toBe('taken');
  });

  it('ends by the clock, so that a holder that died keeps nobody for longer', async () => {
    const { take, kindOf, clock } = workers();
    const one = chunk();
    await take(one);
    clock.time = now + 1_000;
    expect(await kindOf(one, now + 2_000)).toBe('busy');
    clock.time = now + 1_001;
    expect(await kindOf(one, now + 2_000)).toBe('taken');
  });

  it('is not released by a holder that lost it', async () => {
    const { take, kindOf, clock } = workers();
    const one = chunk();
    const lost = await take(one);
    clock.time = now + 1_001;
    await take(one, now + 9_000);
    await lost.release(undefined);
    expect(await kindOf(one, now + 9_000)).toBe('busy');
  });
});

describe('chunks that found an authority busy', () => {
  it('are given out one by one, each once, however often it was woken', async () => {
    const { take, kindOf } = workers();
    const one = chunk();
    const holder = await take(one);
    const others = Array.from({ length: 3 }, () => chunk(one.authority));
    for (const other of [...others, ...others]) await kindOf(other);
    const given = [await holder.next(), await holder.next(), await holder.next(), await holder.next()];
    expect(new Set(given)).toEqual(new Set([...others, undefined]));
  });

  it('have their turns, though one comes back at once each time', async () => {
    const { take, kindOf } = workers();
    const one = chunk();
    const holder = await take(one);
    const [greedy, modest] = [chunk(one.authority), chunk(one.authority)];
    for (const other of [greedy, modest]) await kindOf(other);
    const given = [];
    for (let turn = 0; turn < 2; turn += 1) {
      given.push(await holder.next());
      await kindOf(greedy);
    }
    expect(new Set(given)).toEqual(new Set([greedy, modest]));
  });

  it('are not forgotten when the holder releases the turn: one is given to be woken', async () => {
    const { take, kindOf } = workers();
    const one = chunk();
    const holder = await take(one);
    const other = chunk(one.authority);
    await kindOf(other);
    expect(await holder.release(undefined)).toEqual(other);
    expect(await kindOf(other)).toBe('taken');
  });

  it('wait while calls are paused', async () => {
    const { take, kindOf } = workers();
    const one = chunk();
    const holder = await take(one);
    await kindOf(chunk(one.authority));
    expect(await holder.release(failing(now + 60_000))).toBeUndefined();
  });
});

describe('the health of an authority', () => {
  it('pauses every worker until its time, then one is told of it', async () => {
    const { take, kindOf, clock, healthOf } = workers();
    const one = chunk();
    const health = failing(now + 60_000);
    await (await take(one)).release(health);
    expect(await kindOf(one)).toBe('paused');
    expect(await healthOf([one.authority, chunk().authority])).toEqual(new Map([[one.authority, health]]));
    clock.time = now + 60_000;
    expect((await take(one, now + 90_000)).health).toEqual(health);
    expect(await kindOf(one, now + 90_000)).toBe('busy');
  });

  it('is forgotten once it answers', async () => {
    const { take, clock, healthOf } = workers();
    const one = chunk();
    await (await take(one)).release(failing(now + 60_000));
    clock.time = now + 60_000;
    await (await take(one, now + 90_000)).release(undefined);
    expect(await healthOf([one.authority])).toEqual(new Map());
    expect((await take(one, now + 120_000)).health).toBeUndefined();
  });
});
