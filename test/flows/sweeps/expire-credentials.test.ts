import { describe, expect, it } from 'vitest';
import { cases } from '../../../lib/aws/dynamodb/readers/cases.ts';
import { fences } from '../../../lib/aws/dynamodb/readers/fences.ts';
import { registryKeys, shardName } from '../../../lib/aws/dynamodb/keys.ts';
import { registry } from '../../../lib/aws/dynamodb/readers/registry.ts';
import type { CaseId } from '../../../lib/domain/ids.ts';
import { consentId, credentialId } from '../../../lib/domain/ids.ts';
import { dueShards } from '../../../lib/domain/limits.ts';
import { consentName, credentialName } from '../../../lib/domain/names.ts';
import { expireCredentials } from '../../../lib/flows/sweeps/expire-credentials.ts';
import { tables } from '../../aws/world.ts';
import { consentOf, credentialOf, now, rfc3339 } from '../../domain/objects.ts';
import { startSweptTables } from '../swept-tables.ts';

/** Rows that have expired by the index; ids from 0 on, spread over its shards as commits spread them. */
const credentials = (prefix: string, count: number, expiresAt: string, dueAt: string) =>
  Array.from({ length: count }, (_, index) => {
    const one = credentialOf({ id: credentialId(`${prefix}-${index}`), expiresAt });
    const dueShard = shardName('due', credentialName(one), dueShards);
    return { ...registryKeys.credential(one), ...one, dueShard, dueAt };
  });

const consents = (prefix: string, count: number, expiresAt: string, dueAt: string) =>
  Array.from({ length: count }, (_, index) => {
    const one = consentOf({ id: consentId(`${prefix}-${index}`), expiresAt });
    const dueShard = shardName('due', consentName(one), dueShards);
    return { ...registryKeys.consent(one.id, one.generation), ...one, dueShard, dueAt };
  });

async function startSweep() {
  const world = await startSweptTables();
  const read = registry(world.client, tables.registry);
  const standing = fences(world.client, tables.fences);
  const planners: CaseId[] = [];
  const workers: CaseId[] = [];
  let ids = 0;
  const deps = {
    ...read,
    ...standing,
    commit: world.commit,
    send: async () => {},
    now: () => now,
    newId: () => `01J${String((ids += 1)).padStart(23, '0')}`,
    log: world.log,
    wakePlanner: async (id: CaseId) => void planners.push(id),
    wakeWorkers: async (chunks: readonly { readonly case: CaseId }[]) =>
      void workers.push(...chunks.map((chunk) => chunk.case)),
  };
  return {
    ...world,
    read,
    fenced: (id: string) => standing.fences.find({ type: 'consent', id: consentId(id) }),
    cases: cases(world.client, tables.cases).cases,
    planners,
    workers,
    sweep: (remainingMs = () => 30_000) => expireCredentials({ ...deps, remainingMs }),
  };
}

const over = rfc3339(now - 60_000);

/** P9: no due row waits behind rows that are not due. */
describe('expireCredentials', () => {
  // Regression: thousands of rows of the year 10000 sorted before all others, were read first, skipped and left there. Nothing ever expired.
  it('ends expired rows behind thousands of rows that are due only by the index, and takes these out of it', async () => {
    const world = await startSweep();
    const farOff = ['9999-12-31T23:59:59-05:00', '+010000-01-01T04:59:59.000Z'] as const;
    await world.put(tables.registry, [
      ...credentials('far', 4_200, ...farOff),
      ...consents('far', 100, ...farOff),
      ...credentials('old', 20, over, over),
      ...consents('old', 20, over, over),
    ]);
    expect(await world.sweep()).toEqual({ ended: 40, cleared: 4_300 });
    expect([world.workers.length, world.planners.length]).toEqual([20, 20]);
    expect(await world.fenced('old-19')).toMatchObject({ generation: 1 });
    expect(await world.fenced('far-0')).toBeUndefined();
    const states = async (prefix: string) =>
      (await world.read.credentials.findAll(credentials(prefix, 20, '', ''))).map(({ state }) => state);
    expect(new Set(await states('old'))).toEqual(new Set(['condemned']));
    expect(new Set(await states('far'))).toEqual(new Set(['live']));
    expect(world.logged.filter(({ level }) => level === 'warn')).toEqual([
      { level: 'warn', message: 'the index has rows that are not due', facts: { rows: 4_300 } },
    ]);
    expect(await world.sweep()).toEqual({ ended: 0, cleared: 0 });
  });

  it('leaves a row in the index if it will expire one day, although the index has a wrong time for it', async () => {
    const world = await startSweep();
    await world.put(tables.registry, credentials('early', 1, rfc3339(now + 60_000), over));
    for (let run = 0; run < 2; run += 1) expect(await world.sweep()).toEqual({ ended: 0, cleared: 0 });
    const warned = { level: 'warn', message: 'the index has rows that are not due', facts: { rows: 1 } };
    expect(world.logged).toEqual([warned, warned]);
  });

  it('logs that time was up, and continues in the next run', async () => {
    const world = await startSweep();
    await world.put(tables.registry, credentials('old', 30, over, over));
    let left = 30_000;
    const first = await world.sweep(() => (left -= 1_000));
    expect(first.ended).toBe(25);
    expect(world.logged).toContainEqual({
      level: 'warn',
      message: 'time is up: some due rows were not checked',
      facts: first,
    });
    expect(await world.sweep()).toEqual({ ended: 5, cleared: 0 });
  });
});
