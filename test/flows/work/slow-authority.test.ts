import { describe, expect, it } from 'vitest';
import type { Connector } from '../../../lib/connectors/connector.ts';
import { authorityId, credentialId } from '../../../lib/domain/ids.ts';
import { authorityConcurrency, functionTimeoutSeconds } from '../../../lib/domain/limits.ts';
import type { Obligation } from '../../../lib/domain/case/obligation.ts';
import { Secret } from '../../../lib/domain/secret.ts';
import { workObligations, type WorkObligations } from '../../../lib/flows/work/work-obligations.ts';
import { lineTo } from '../line-to.ts';
import { authorityOf, caseOf, credentialOf, obligationOf } from '../../domain/objects.ts';

/**
 * An authority that takes `latencyMs` for each answer, and a function that ends at its timeout. Time is counted and
 * does not pass: a call takes its latency divided by the number of concurrent calls.
 */
function slowWorld(latencyMs: number, size: number, breaks: (id: string) => boolean = () => false) {
  const of = caseOf({ state: 'working', cursors: 0 });
  const rows = new Map<string, Obligation>();
  const dead = new Set<string>();
  for (let index = 0; index < size; index += 1) {
    const id = credentialId(`token-${index}`);
    rows.set(id, obligationOf({ case: of.id, authority: authorityId('bank'), id, kind: 'access_token' }));
  }
  const world = { now: 1_000_000, spent: 0, longest: 0, rows };
  const call = async <Answer>(answer: () => Answer): Promise<Answer> => {
    await new Promise((done) => setImmediate(done));
    world.now += latencyMs / authorityConcurrency;
    world.spent += latencyMs / authorityConcurrency;
    world.longest = Math.max(world.longest, world.spent);
    if (world.spent > functionTimeoutSeconds * 1000) throw new Error('Task timed out');
    return answer();
  };
  const connector: Connector = {
    revoke: ({ id }) =>
      call(() => {
        if (breaks(id)) throw new TypeError('something in us broke');
        dead.add(id);
        return { kind: 'accepted' };
      }),
    probe: ({ id }) =>
      call(() => {
        const answer = dead.has(id) ? 'inactive' : 'active';
        return [{ vantage: 'introspection', answer, because: answer, at: world.now }];
      }),
    seeCanary: async () => undefined,
  };
  const deps: WorkObligations = {
    commit: async (writes) => {
      for (const write of writes)
        if (write.kind === 'settle-obligation') rows.set(write.from.id, { ...write.from, ...write.to });
      return { ok: true };
    },
    send: async () => {},
    now: () => world.now,
    newId: () => 'id',
    log: { info: () => {}, warn: () => {}, error: () => {} },
    measure: () => {},
    cases: { find: async () => of, tallies: async () => [undefined] },
    turns: {
      take: async () => ({
        kind: 'taken',
        health: undefined,
        next: async () => undefined,
        release: async () => undefined,
      }),
    },
    notes: { open: async () => ({ seen: new Map(), note: async () => {}, settled: () => {} }) },
    obligations: {
      due: async (_, __, limit) => [...rows.values()].filter(({ state }) => state === 'open').slice(0, limit),
    },
    edges: { page: async () => ({ refs: [] }) },
    credentials: {
      findAll: async (refs) =>
        refs.map((ref) => credentialOf({ ...ref, kind: 'access_token', state: 'condemned' })),
    },
    authorities: { find: async () => authorityOf({ id: authorityId('bank') }) },
    clients: { find: async () => undefined },
    connect: () => lineTo(connector),
    openHandle: async () => new Secret('token'),
    wakeWorker: async () => {},
    remainingMs: () => functionTimeoutSeconds * 1000 - world.spent,
    random: () => 0,
  };
  const invoke = async () => {
    world.spent = 0;
    await workObligations({ case: of.id, shard: 0, authority: authorityId('bank') }, deps);
  };
  return { world, invoke };
}

// Regression: a whole group of 25 was tried before anything was committed, so from 2 s per call on the function always timed out first.
describe('a slow authority', () => {
  it.each([
    [10, 1],
    [500, 2],
    [2_000, 8],
    [9_000, 12],
  ])(
    'that takes %i ms for each answer needs at most %i invocations for 25 credentials, and none times out',
    async (latencyMs, most) => {
      const { world, invoke } = slowWorld(latencyMs, 25);
      let invocations = 0;
      const open = () => [...world.rows.values()].filter(({ state }) => state === 'open').length;
      while (open() > 0 && invocations < 50) {
        const before = JSON.stringify([...world.rows]);
        await invoke();
        invocations += 1;
        expect(JSON.stringify([...world.rows])).not.toBe(before);
      }
      expect(open()).toBe(0);
      expect(invocations).toBeLessThanOrEqual(most);
      expect(world.longest).toBeLessThan(functionTimeoutSeconds * 1000);
    },
  );
});

// Regression: one token that our own code failed on, or one missing client key, kept 24 others open for ever, without a trace.
describe('an attempt that fails with an error', () => {
  it('is counted and due again, and does not delay the others of its group', async () => {
    const { world, invoke } = slowWorld(1, 5, (id) => id === 'token-2');
    await invoke();
    const rows = [...world.rows.values()];
    expect(rows.filter(({ state }) => state === 'dead')).toHaveLength(4);
    expect(rows.find(({ id }) => id === 'token-2')).toMatchObject({ state: 'open', attempts: 1 });
  });
});
