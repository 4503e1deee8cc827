import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leases } from '../../../../lib/aws/dynamodb/readers/leases.ts';
import { authorityId } from '../../../../lib/domain/ids.ts';
import { now } from '../../../domain/objects.ts';
import { freshCase } from '../../rows.ts';
import { fresh, startTables, tables, type World } from '../../world.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
});
afterAll(() => world.close());

const chunk = () => ({ case: freshCase().id, shard: 0, authority: authorityId('bank') });

/** Leases on a clock that the test moves. */
function holders() {
  const clock = { time: now, now: () => clock.time, newId: () => fresh('owner') };
  return { clock, ...leases(world.client, tables.cases, clock) };
}

describe('a lease', () => {
  it('has one holder', async () => {
    const { take } = holders();
    const of = chunk();
    expect(await take(of, now + 1_000)).toBeDefined();
    expect(await take(of, now + 1_000)).toBeUndefined();
  });

  it('goes to one of many who come at once', async () => {
    const { take } = holders();
    const of = chunk();
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(of, now + 1_000)));
    expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('is one for each shard and each authority', async () => {
    const { take } = holders();
    const of = chunk();
    expect(await take(of, now + 1_000)).toBeDefined();
    expect(await take({ ...of, shard: 1 }, now + 1_000)).toBeDefined();
    expect(await take({ ...of, authority: authorityId('bank2') }, now + 1_000)).toBeDefined();
  });

  it('ends by the clock', async () => {
    const { take, clock } = holders();
    const of = chunk();
    await take(of, now + 1_000);
    clock.time = now + 1_000;
    expect(await take(of, now + 2_000)).toBeUndefined();
    clock.time = now + 1_001;
    expect(await take(of, now + 2_000)).toBeDefined();
  });

  it('is free once it was released', async () => {
    const { take } = holders();
    const of = chunk();
    const lease = await take(of, now + 1_000);
    await lease?.release();
    expect(await take(of, now + 1_000)).toBeDefined();
  });

  it('is not released by a holder who lost it', async () => {
    const { take, clock } = holders();
    const of = chunk();
    const lost = await take(of, now + 1_000);
    clock.time = now + 1_001;
    await take(of, now + 9_000);
    await lost?.release();
    expect(await take(of, now + 9_000)).toBeUndefined();
  });
});

describe('what a holder saw active', () => {
  const seen = new Map(Object.entries({ 'rt-1': now - 5, 'odd#/%id': now - 4 }));

  it('is nothing at first', async () => {
    const lease = await holders().take(chunk(), now + 1_000);
    expect(lease?.seen).toEqual(new Map());
  });

  it('survives its release', async () => {
    const { take } = holders();
    const of = chunk();
    const first = await take(of, now + 1_000);
    await first?.note(seen);
    await first?.release();
    expect((await take(of, now + 1_000))?.seen).toEqual(seen);
  });

  it('survives its death', async () => {
    const { take, clock } = holders();
    const of = chunk();
    await (await take(of, now + 1_000))?.note(seen);
    clock.time = now + 1_001;
    expect((await take(of, now + 2_000))?.seen).toEqual(seen);
  });

  it('is not noted by a holder who lost the chunk, who is told to come again', async () => {
    const { take, clock } = holders();
    const of = chunk();
    const lost = await take(of, now + 1_000);
    clock.time = now + 1_001;
    const holder = await take(of, now + 2_000);
    await holder?.note(seen);
    await expect(lost?.note(new Map())).rejects.toMatchObject({ name: 'LeaseLost', disposition: 'retry' });
    await holder?.release();
    expect((await take(of, now + 9_000))?.seen).toEqual(seen);
  });
});
