import { describe, expect, it } from 'vitest';
import type { DeadLetter, Origin, RefusedLetter } from '../../../lib/domain/intake/dead-letter.ts';
import { returnExhausted, type ReturnExhausted } from '../../../lib/flows/sweeps/return-exhausted.ts';

const batch = 10;

/** Two queues that lose nothing: a received message stays until it is deleted, and is received once per run. */
function rig(
  letters: readonly DeadLetter[],
  change: {
    /** Bodies that Signals does not accept. */
    readonly unsent?: readonly string[];
    /** Bodies that cannot be deleted. */
    readonly kept?: readonly string[];
    readonly remainingMs?: () => number;
    readonly receive?: () => Promise<readonly DeadLetter[]>;
  } = {},
) {
  const exhausted = [...letters];
  const hidden = new Set<DeadLetter>();
  const signals: DeadLetter[] = [];
  const said: Readonly<Record<string, unknown>>[] = [];
  const order: string[] = [];
  const refusing = (some: readonly DeadLetter[], bodies: readonly string[] = []): RefusedLetter[] =>
    some.filter(({ body }) => bodies.includes(body)).map((letter) => ({ letter, code: 'InternalError' }));
  const silent = () => {};
  const deps: ReturnExhausted = {
    exhausted: {
      receive: async () => {
        const given = exhausted.filter((letter) => !hidden.has(letter)).slice(0, batch);
        for (const letter of given) hidden.add(letter);
        return given;
      },
      forget: async (some) => {
        order.push(`forget ${some.length}`);
        const kept = refusing(some, change.kept);
        for (const letter of some)
          if (!kept.some((one) => one.letter === letter)) exhausted.splice(exhausted.indexOf(letter), 1);
        return kept;
      },
    },
    sendSignals: async (some) => {
      order.push(`send ${some.length}`);
      const unsent = refusing(some, change.unsent);
      signals.push(...some.filter((letter) => !unsent.some((one) => one.letter === letter)));
      return unsent;
    },
    remainingMs: change.remainingMs ?? (() => 30_000),
    log: { info: silent, error: silent, warn: (_, facts = {}) => void said.push(facts) },
  };
  if (change.receive) deps.exhausted.receive = change.receive;
  /** Begins the next run: hidden messages are visible again. */
  const run = () => {
    hidden.clear();
    return returnExhausted(deps);
  };
  return { run, exhausted, signals, said, order, deps };
}

const letter = (origin: Origin, body: string, group?: string): DeadLetter => ({
  origin,
  body,
  receipt: `receipt of ${body}`,
  ...(group !== undefined && { group }),
});
const letters = (origin: Origin, count: number) =>
  Array.from({ length: count }, (_, index) => letter(origin, `${origin} ${index}`));

/** P2, P8, P9: dead-lettered announcements are requeued at least once, and no run is endless. */
describe('returnExhausted', () => {
  it.each<Origin>(['signals', 'bus', 'unknown'])(
    'requeues a message from %s to Signals, with its group',
    async (origin) => {
      const one = letter(origin, 'withdrawn', 'bank');
      const { run, exhausted, signals } = rig([one]);
      expect(await run()).toEqual({ returned: 1, dropped: 0, left: 0, more: false });
      expect(signals).toEqual([one]);
      expect(exhausted).toEqual([]);
    },
  );

  it.each<Origin>(['plans', 'obligations', 'schedule'])(
    'drops a message from %s, and sends it nowhere',
    async (origin) => {
      const { run, exhausted, signals } = rig([letter(origin, 'wake up')]);
      expect(await run()).toEqual({ returned: 0, dropped: 1, left: 0, more: false });
      expect({ signals, exhausted }).toEqual({ signals: [], exhausted: [] });
    },
  );

  it('sends first and deletes afterwards', async () => {
    const { run, order } = rig(letters('signals', 3));
    await run();
    expect(order).toEqual(['send 3', 'forget 3']);
  });

  it('keeps exactly the messages that Signals did not accept', async () => {
    const { run, exhausted, signals, said } = rig(letters('signals', 3), { unsent: ['signals 1'] });
    expect(await run()).toEqual({ returned: 2, dropped: 0, left: 1, more: false });
    expect(exhausted.map(({ body }) => body)).toEqual(['signals 1']);
    expect(signals.map(({ body }) => body)).toEqual(['signals 0', 'signals 2']);
    expect(said).toEqual([
      {
        returned: 2,
        dropped: 0,
        left: 1,
        more: false,
        from: { signals: 3 },
        codes: ['InternalError'],
      },
    ]);
  });

  it('sends a message again that it could not delete: rather twice than never', async () => {
    const { run, exhausted, signals } = rig(letters('bus', 2), { kept: ['bus 0'] });
    expect(await run()).toEqual({ returned: 2, dropped: 0, left: 1, more: false });
    await run();
    expect(signals.map(({ body }) => body)).toEqual(['bus 0', 'bus 1', 'bus 0']);
    expect(exhausted.map(({ body }) => body)).toEqual(['bus 0']);
  });

  it('counts a wake-up as dropped only when it is deleted', async () => {
    const { run } = rig(letters('plans', 2), { kept: ['plans 1'] });
    expect(await run()).toEqual({ returned: 0, dropped: 1, left: 1, more: false });
  });

  it('keeps all announcements if Signals cannot be reached, and still drops wake-ups and ticks', async () => {
    const refused = letters('signals', 4);
    const { run, exhausted, signals } = rig([...refused, ...letters('obligations', 3)], {
      unsent: refused.map(({ body }) => body),
    });
    expect(await run()).toEqual({ returned: 0, dropped: 3, left: 4, more: false });
    expect({ exhausted, signals }).toEqual({ exhausted: refused, signals: [] });
  });

  it('continues to the end of the queue, batch by batch', async () => {
    const { run, exhausted, signals, order } = rig(letters('signals', 25));
    expect(await run()).toMatchObject({ returned: 25, more: false });
    expect([exhausted.length, signals.length, order.length]).toEqual([0, 25, 6]);
  });

  it('stops after 1,000 messages, and the next run continues', async () => {
    const { run, exhausted } = rig(letters('signals', 1_007));
    expect(await run()).toMatchObject({ returned: 1_000, more: true });
    expect(exhausted).toHaveLength(7);
    expect(await run()).toMatchObject({ returned: 7, more: false });
  });

  it('starts no batch with less than ten seconds left', async () => {
    let ms = 25_000;
    const { run, exhausted } = rig(letters('signals', 100), { remainingMs: () => (ms -= 5_000) });
    // 20 s, 15 s, 10 s; then 5
    expect(await run()).toMatchObject({ returned: 30, more: true });
    expect(exhausted).toHaveLength(70);
  });

  it('logs one line with its counts and the origins, and nothing if the queue was empty', async () => {
    const mixed = [...letters('signals', 12), ...letters('plans', 2), ...letters('schedule', 1)];
    const { run, said } = rig(mixed);
    await run();
    await run();
    expect(said).toEqual([
      { returned: 12, dropped: 3, left: 0, more: false, from: { signals: 12, plans: 2, schedule: 1 } },
    ]);
  });

  it('logs that line also if the queue cannot be reached halfway, and fails', async () => {
    const given = [[letter('signals', 'first')]];
    const { run, said, signals } = rig([], {
      receive: async () => given.shift() ?? Promise.reject(new Error('throttled')),
    });
    await expect(run()).rejects.toThrow('throttled');
    expect(signals).toHaveLength(1);
    expect(said).toEqual([{ returned: 1, dropped: 0, left: 0, more: false, from: { signals: 1 } }]);
  });
});
