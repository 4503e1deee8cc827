import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cases } from '../../lib/aws/dynamodb/readers/cases.ts';
import { committer } from '../../lib/aws/dynamodb/commit.ts';
import { registry } from '../../lib/aws/dynamodb/readers/registry.ts';
import { seenNotes } from '../../lib/aws/dynamodb/readers/seen-notes.ts';
import { turns } from '../../lib/aws/dynamodb/readers/turns.ts';
import { EgressError } from '../../lib/connectors/egress/egress-error.ts';
import type { Fetch } from '../../lib/connectors/egress/fetch.ts';
import type { Chunk } from '../../lib/domain/case/obligation.ts';
import { authorityId, credentialId, partnerId } from '../../lib/domain/ids.ts';
import { Secret } from '../../lib/domain/secret.ts';
import { chaseGraceMs, pauseMs } from '../../lib/domain/limits.ts';
import { chaseObligations } from '../../lib/flows/sweeps/chase-obligations.ts';
import { connectAuthority } from '../../lib/flows/work/connect-authority.ts';
import { workObligations } from '../../lib/flows/work/work-obligations.ts';
import { shapes, tables } from '../aws/world.ts';
import { Clock } from '../cloud/clock.ts';
import { createDynamoDb } from '../cloud/services/dynamodb/dynamodb.ts';
import { authorityOf, caseOf, credentialOf, obligationOf, partnerOf, rfc3339 } from '../domain/objects.ts';
import { directClient } from '../properties/direct-client.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Twenty days take minutes: CI plays them all. */
const fullRun = process.env['RESCIND_SEEDS'] === '1000';

/** How an authority answers while it is down. */
type Down = (calls: number) => Response | EgressError | undefined;

/** Two authorities that speak OAuth, obligations at both, and the functions that work them: tables and connectors are the real ones. */
async function startWorld(owed: Readonly<Record<string, number>>) {
  const clock = new Clock();
  const dynamoDb = createDynamoDb({ clock });
  for (const shape of shapes) await dynamoDb.createTable({ BillingMode: 'PAY_PER_REQUEST', ...shape });
  const client = directClient(dynamoDb);
  const commit = committer(client, tables);
  const now = () => clock.now();
  let made = 0;
  const newId = () => `01J${String((made += 1)).padStart(23, '0')}`;

  const killed = new Set<string>();
  const calls: { readonly host: string; readonly at: number }[] = [];
  const down = new Map<string, Down>();
  /** By path, at every authority. */
  const downAt = new Map<string, Down>();
  const fetch: Fetch = async (target, init) => {
    const { host, pathname } = new URL(target);
    calls.push({ host, at: now() });
    const failure = down.get(host)?.(calls.length) ?? downAt.get(pathname)?.(calls.length);
    if (failure instanceof Error) throw failure;
    if (failure) return failure;
    const token = `${host} ${new URLSearchParams(String(init?.body)).get('token')}`;
    const json = (body: object) => Response.json(body);
    if (pathname === '/revoke') {
      killed.add(token);
      return json({});
    }
    if (pathname === '/introspect') return json({ active: !killed.has(token) });
    return json({ access_token: `canary-${newId()}`, token_type: 'Bearer' });
  };

  const readers = { ...registry(client, tables.registry), ...cases(client, tables.cases) };
  let wakes: Chunk[] = [];
  const deps = {
    ...readers,
    ...turns(client, tables.cases, { now, newId, rfc3339 }),
    notes: seenNotes(client, tables.cases),
    commit,
    send: async () => {},
    now,
    newId,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    measure: () => {},
    random: () => 0.5,
    remainingMs: () => 30_000,
    openHandle: async ({ id }: { readonly id: string }) => new Secret(id),
    wakeWorker: async (chunk: Chunk) => void wakes.push(chunk),
    wakeWorkers: async (chunks: readonly Chunk[]) => void wakes.push(...chunks),
    wakePlanner: async () => {},
  };
  const connect = connectAuthority({
    ...deps,
    fetch,
    sleep: async () => {},
    secret: async () => new Secret('secret'),
    keys: { read: async () => undefined },
    registrationTokens: { read: async () => undefined, keep: async () => {} } as never,
  });

  await commit([{ kind: 'register-partner', partner: partnerOf({ id: partnerId('acme') }), from: null }]);
  for (const [id, count] of Object.entries(owed)) {
    const authority = authorityOf({
      id: authorityId(id),
      ...{ issuer: `https://${id}`, tokenEndpoint: `https://${id}/token` },
      ...{ revocationEndpoint: `https://${id}/revoke`, introspectionEndpoint: `https://${id}/introspect` },
      auth: { method: 'client_secret_basic', clientId: 'rescind', secretName: 'rescind/authority/x' },
      collateral: 'none',
    });
    await commit([{ kind: 'register-authority', authority, from: null }]);
    for (let index = 0; index < count; index += 1) {
      const ref = { authority: authorityId(id), id: credentialId(`rt-${index}`) };
      const of = caseOf({
        kind: 'credential-expired',
        subject: { type: 'credential', ...ref },
        state: 'working',
        cursors: 0,
      });
      const credential = credentialOf({ ...ref, kind: 'refresh_token', state: 'condemned' });
      await commit([
        { kind: 'add-credential', credential: { ...credential, state: 'live' } },
        { kind: 'open-case', case: of, dueAt: rfc3339(now() + 9e12) },
        {
          kind: 'open-obligation',
          obligation: obligationOf({ case: of.id, ...ref, kind: 'refresh_token', dueAt: rfc3339(now()) }),
        },
        { kind: 'add-tally', case: of.id, shard: 0, tally: { planned: 1, open: 1 } },
      ] as never);
    }
  }

  /** What a minute brings: a run of the chaser, and the workers that it wakes, until nobody is woken. */
  async function minute(): Promise<void> {
    await clock.advance(minuteMs);
    await chaseObligations({ ...deps, due: readers.due });
    for (let rounds = 0; wakes.length > 0 && rounds < 100; rounds += 1) {
      const woken = wakes;
      wakes = [];
      await Promise.all(woken.map((chunk) => workObligations(chunk, { ...deps, connect })));
    }
  }
  return {
    now,
    calls,
    down,
    downAt,
    killed,
    async pass(ms: number): Promise<void> {
      for (const end = now() + ms; now() < end;) await minute();
    },
    /** The most calls to a host in any hour. */
    mostInAnHour(host: string): number {
      const times = calls.filter((call) => call.host === host).map(({ at }) => at);
      return Math.max(
        0,
        ...times.map((from) => times.filter((at) => at >= from && at < from + hourMs).length),
      );
    },
    /** How many obligations at an authority have this state. */
    async count(authority: string, state: string): Promise<number> {
      const rows = (await dynamoDb.items(tables.cases)).map((row) => unmarshall(row as never));
      return rows.filter((row) => row['sk'].startsWith(`obligation#${authority}#`) && row['state'] === state)
        .length;
    },
    close: async (): Promise<void> => {
      clock.stop();
      await dynamoDb.close();
    },
  };
}

if (fullRun) vi.setConfig({ testTimeout: 900_000 });

let world: Awaited<ReturnType<typeof startWorld>>;
afterEach(() => world.close());

/** The pause that is running when it recovers, the run of the chaser after it, and the one that wakes all the others. */
const recoveryMs = pauseMs + chaseGraceMs + 2 * minuteMs;

const answer =
  (status: number, headers: Record<string, string> = {}) =>
  (): Response =>
    new Response('<html>down</html>', { status, headers: { 'content-type': 'text/html', ...headers } });

const hoursDown = fullRun ? 20 * 24 : 4;

describe('an authority that is down (P2, P9)', () => {
  // 7,470 calls an hour for 200 obligations: each had a backoff of its own
  it.each<[string, Down, number]>([
    ['refuses connections', () => new EgressError('connection', 'refused'), hoursDown],
    ['times out', () => new EgressError('timeout', 'slow'), 2],
    ['answers 500', answer(500), 2],
    ['answers 503', answer(503), 2],
    ['answers 502 or times out', (n) => (n % 2 ? answer(502)() : new EgressError('timeout', 'slow')), 2],
    ['answers 429', answer(429), 2],
  ])(
    '%s: it hears at most 60 calls an hour, and all is found dead soon after it is back',
    async (_, how, hours) => {
      world = await startWorld({ bank: 200, well: 20 });
      world.down.set('bank', how);
      await world.pass(hours * hourMs);
      expect(await world.count('bank', 'open')).toBe(200);
      expect(world.mostInAnHour('bank')).toBeLessThanOrEqual(60);
      expect(world.mostInAnHour('bank')).toBeGreaterThan(10);
      // P9: the other one is not disturbed
      expect(await world.count('well', 'dead')).toBe(20);
      world.down.clear();
      await world.pass(recoveryMs);
      expect(await world.count('bank', 'dead')).toBe(200);
    },
  );

  it('is not called before the time that it asked for, and soon after it', async () => {
    world = await startWorld({ bank: 50 });
    world.down.set('bank', answer(503, { 'retry-after': '7200' }));
    await world.pass(minuteMs);
    const asked = world.calls.length;
    expect(asked).toBeLessThanOrEqual(5);
    await world.pass(2 * hourMs - minuteMs);
    expect(world.calls).toHaveLength(asked);
    world.down.clear();
    await world.pass(2 * minuteMs + chaseGraceMs);
    expect(await world.count('bank', 'dead')).toBe(50);
  });

  it('fails in one endpoint: revocations are still sent, at most 60 calls an hour', async () => {
    world = await startWorld({ bank: 200 });
    world.downAt.set('/introspect', answer(503));
    await world.pass(3 * hourMs);
    expect(world.killed.size).toBeGreaterThan(5);
    expect(await world.count('bank', 'dead')).toBe(0);
    expect(world.mostInAnHour('bank')).toBeLessThanOrEqual(60);
    world.downAt.clear();
    // those that were tried meanwhile wait for their own backoff
    await world.pass(recoveryMs + hourMs);
    expect(await world.count('bank', 'dead')).toBe(200);
  });

  it('comes back and fails again: nothing is lost', async () => {
    world = await startWorld({ bank: 30 });
    world.down.set('bank', (n) => (n % 3 === 0 ? answer(503)() : undefined));
    await world.pass(3 * hourMs);
    world.down.clear();
    await world.pass(recoveryMs + hourMs);
    expect(await world.count('bank', 'dead')).toBe(30);
  });
});
