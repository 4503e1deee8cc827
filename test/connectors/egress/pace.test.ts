import { describe, expect, it } from 'vitest';
import { EgressError } from '../../../lib/connectors/egress/egress-error.ts';
import { createPace, type PaceOptions } from '../../../lib/connectors/egress/pace.ts';
import { failuresMax } from '../../../lib/domain/limits.ts';

const [token, introspect] = ['https://bank.example/token', 'https://bank.example/introspect'];

/** An authority that answers as told, on a clock that sleeping moves. */
function rig(answer: (target: string) => Response | EgressError, options: Partial<PaceOptions> = {}) {
  const world = { now: 1_000_000, calls: [] as string[], begun: [] as number[], running: 0, most: 0 };
  const pace = createPace(
    async (target) => {
      world.calls.push(target);
      world.begun.push(world.now);
      world.running += 1;
      world.most = Math.max(world.most, world.running);
      await new Promise((done) => setImmediate(done));
      world.running -= 1;
      const given = answer(target);
      if (given instanceof Error) throw given;
      return given;
    },
    {
      concurrency: 50,
      halfOpen: false,
      now: () => world.now,
      sleep: async (ms) => void (world.now += ms),
      ...options,
    },
  );
  const call = (target = token) =>
    pace.fetch(target).then(
      ({ status }) => status,
      (error: EgressError) => error.code,
    );
  const callAll = (count: number, target = token) =>
    Promise.all(Array.from({ length: count }, () => call(target)));
  return { world, pace, call, callAll };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new Response(null, { status: code, headers });

/** P9: politeness to a server that fails. */
describe('createPace', () => {
  it.each<[string, () => Response | EgressError]>([
    ['500', status(500)],
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
    ['a timeout', () => new EgressError('timeout', 'slow')],
    ['a refused connection', () => new EgressError('connection', 'refused')],
    ['an unknown host', () => new EgressError('dns', 'unknown')],
    ['a broken handshake', () => new EgressError('tls', 'broken')],
    ['what is not HTTP', () => new EgressError('not-http', 'noise')],
  ])('stops an endpoint that answers with %s, however many calls wait', async (_, answer) => {
    const { world, pace, callAll } = rig(answer);
    const seen = await callAll(200);
    expect(world.calls.length).toBeLessThanOrEqual(failuresMax);
    expect(seen.filter((one) => one === 'paused')).toHaveLength(200 - world.calls.length);
    expect(pace.stopped()).toBeDefined();
    expect(pace.answered()).toBe(false);
  });

  it.each([200, 204, 302, 400, 401, 403, 404, 405, 409, 501])('goes on after %i', async (code) => {
    const { world, pace, callAll } = rig(status(code));
    await callAll(50);
    expect(world.calls).toHaveLength(50);
    expect([pace.stopped(), pace.answered()]).toEqual([undefined, true]);
  });

  it.each([
    'address',
    'private-name',
    'url',
    'not-https',
    'user-info',
    'port',
    'aborted',
    'request',
  ] as const)('does not blame the authority for %s: nothing was sent', async (code) => {
    const { world, pace, callAll } = rig(() => new EgressError(code, 'ours'));
    await callAll(20);
    expect(world.calls).toHaveLength(20);
    expect([pace.stopped(), pace.answered()]).toEqual([undefined, false]);
  });

  it('counts failures in a row: one good answer between them begins anew', async () => {
    let count = 0;
    const { world, pace, call } = rig(
      () => new Response(null, { status: (count += 1) % failuresMax === 0 ? 200 : 503 }),
    );
    for (let index = 0; index < 40; index += 1) await call();
    expect(world.calls).toHaveLength(40);
    expect(pace.stopped()).toBeUndefined();
  });

  it('stops the endpoint that fails, and sends revocations on', async () => {
    const { world, pace, callAll } = rig(
      (target) => new Response(null, { status: target === introspect ? 503 : 200 }),
    );
    await callAll(20, introspect);
    expect(await callAll(20)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(world.calls.filter((target) => target === introspect)).toHaveLength(failuresMax);
    expect(pace.stopped()).toMatchObject({ because: 'http-503' });
  });

  it.each([
    [429, {}, undefined],
    [429, { 'retry-after': '3600' }, 3_600_000],
    [503, { 'retry-after': '120' }, 120_000],
    [503, { 'retry-after': 'Sun, 01 Feb 2026 12:05:00 GMT', date: 'Sun, 01 Feb 2026 12:00:00 GMT' }, 300_000],
  ])('stops every endpoint at the first %i with %j', async (code, headers, ms) => {
    const { world, pace, call } = rig(status(code, headers as Record<string, string>));
    await call();
    expect([await call(), await call(introspect)]).toEqual(['paused', 'paused']);
    expect(world.calls).toHaveLength(1);
    expect(pace.stopped()).toEqual({ because: `http-${code}`, retryAfterMs: ms });
  });

  it('keeps the longest wait that was asked for', async () => {
    const waits = ['60', '900', '30'];
    const { pace, callAll } = rig(() => status(503, { 'retry-after': waits.shift() ?? '0' })());
    await callAll(3);
    expect(pace.stopped()).toEqual({ because: 'http-503', retryAfterMs: 900_000 });
  });

  it('stops at the first failure of an authority that failed before', async () => {
    const { world, callAll } = rig(status(503), { halfOpen: true, concurrency: 1 });
    await callAll(10);
    expect(world.calls).toHaveLength(1);
  });

  it('has as many calls in flight as the registration allows, and few until one was answered', async () => {
    const { world, callAll } = rig(status(200), { concurrency: 20 });
    const first = callAll(3);
    await first;
    expect(world.most).toBeLessThanOrEqual(failuresMax);
    await callAll(100);
    expect(world.most).toBe(20);
  });

  it('never has more than the one call that a registration allows', async () => {
    const { world, callAll } = rig(status(200), { concurrency: 1 });
    await callAll(20);
    expect(world.most).toBe(1);
  });

  it('begins no more calls in a second than the registration allows, from the first one on', async () => {
    const { world, call } = rig(status(200), { perSecond: 4 });
    for (let index = 0; index < 12; index += 1) await call();
    expect(world.begun[0]).toBeGreaterThanOrEqual(1_000_000 + 250);
    for (let index = 4; index < 12; index += 1)
      expect((world.begun[index] ?? 0) - (world.begun[index - 4] ?? 0)).toBeGreaterThanOrEqual(1_000);
  });
});
