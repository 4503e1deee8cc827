import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../lib/aws/dynamodb/readers/cases.ts';
import { registry } from '../../lib/aws/dynamodb/readers/registry.ts';
import { consentId, credentialId } from '../../lib/domain/ids.ts';
import { dueShards } from '../../lib/domain/limits.ts';
import { spread } from '../../lib/domain/spread.ts';
import type { Write } from '../../lib/domain/transaction/write.ts';
import { consentOf, credentialOf, now, obligationOf, rfc3339 } from '../domain/objects.ts';
import { allDue } from './all-due.ts';
import { freshCase } from './rows.ts';
import { fresh, startTables, tables, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
});
afterAll(() => world.close());

describe('pages of what is due', () => {
  const shard = spread('bank#paged', dueShards);
  const due = () => cases(world.client, tables.cases).due(shard, rfc3339(now - 1), 2);
  beforeAll(async () => {
    // several at one time, and a page that ends amid them
    for (const [index, minutes] of [7, 3, 3, 3, 1, 3, 5].entries()) {
      const obligation = obligationOf({
        case: freshCase().id,
        shard: index,
        id: credentialId('paged'),
        dueAt: rfc3339(now - minutes * 60_000),
      });
      await world.given({ kind: 'open-obligation', obligation });
    }
  });

  it('are as large as asked for, and hold each row once, the longest due first', async () => {
    const sizes: number[] = [];
    const shards: number[] = [];
    for await (const page of due()) {
      sizes.push(page.length);
      shards.push(...page.flatMap((row) => (row.kind === 'obligation' ? [row.chunk.shard] : [])));
    }
    expect(sizes.slice(0, 3)).toEqual([2, 2, 2]);
    expect([shards.slice(0, 2), shards.slice(2, 6).toSorted((a, b) => a - b), shards.slice(6)]).toEqual([
      [0, 6],
      [1, 2, 3, 5],
      [4],
    ]);
  });

  it('are read when they are asked for', async () => {
    let queries = 0;
    const stop = world.gateway.use((call, next) => {
      if (call.operation === 'Query') queries += 1;
      return next();
    });
    const reader = due();
    await reader.next();
    await reader.return(undefined);
    stop();
    expect(queries).toBe(1);
  });
});

/** P9: the sweep reads this index, oldest first, and times in it are compared as text. */
describe('the index of what expires', () => {
  const adds = {
    consent: (expiresAt: string): Write => ({
      kind: 'add-consent',
      consent: consentOf({ id: consentId(fresh('consent')), expiresAt }),
    }),
    credential: (expiresAt: string): Write => ({
      kind: 'add-credential',
      credential: credentialOf({ id: credentialId(fresh('rt')), expiresAt }),
    }),
  };
  const dueBy = async (time: string) => allDue(registry(world.client, tables.registry).expired, time);

  // west of Greenwich the year 9999 ends in the year 10000: `+010000-...` sorts before every other time, so it was overdue at once
  it.each([
    ['consent', '9999-12-31T23:59:59-05:00'],
    ['credential', '9999-12-31T23:59:59-05:00'],
    ['credential', '9999-12-31T23:59:59.999-00:01'],
  ] as const)('never names a %s that expires at %s', async (kind, expiresAt) => {
    await world.given(adds[kind](expiresAt));
    expect(await dueBy('2026-01-31T09:30:00.000Z')).toEqual([]);
    expect(await dueBy('9999-12-31T23:59:59.999Z')).toEqual([]);
  });

  it.each([
    ['consent', '9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.998Z'],
    ['credential', '9999-12-31T18:59:59-05:00', '9999-12-31T23:59:58.999Z'],
  ] as const)('names a %s that expires at %s then, and not at %s', async (kind, expiresAt, before) => {
    await world.given(adds[kind](expiresAt));
    const count = (await dueBy(before)).length;
    expect(await dueBy(rfc3339(Date.parse(expiresAt)))).toHaveLength(count + 1);
  });

  it('names what expired before the year 0', async () => {
    const count = (await dueBy('0000-01-01T00:00:00.000Z')).length;
    await world.given(adds.credential('0000-01-01T00:00:00+05:00'));
    expect(await dueBy('0000-01-01T00:00:00.000Z')).toHaveLength(count + 1);
  });
});
