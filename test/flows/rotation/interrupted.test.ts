import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minuteMs, type Rig, type Rotated, startRig } from './rig.ts';
import type { Tap } from './tapped.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig?.close());

/** The end of a rotation as it can be observed afterwards. */
async function endOf(one: Rotated) {
  const { state, number, current, other } = await one.rotation();
  const kids = { [one.client.keyId]: 'old', [current]: current === one.client.keyId ? 'old' : 'new' };
  const named = (kid: string | undefined) => kids[String(kid)] ?? kid ?? null;
  const entries = await one.entries();
  return {
    rotation: { state, number, current: named(current), other: named(other) },
    secret: [named(await one.keyAt('AWSCURRENT')), named(await one.keyAt('AWSPREVIOUS'))],
    published: (await one.published()).map(named),
    verdicts: Object.entries(await one.verdicts()).map(([kid, verdict]) => `${named(kid)} ${verdict}`),
    entries: entries.map(({ kind, facts }) => [kind, facts['step'] ?? null]),
    credential: (await one.credential(current))?.state,
  };
}

const undisturbed = {
  rotation: { state: 'overlap', number: 1, current: 'new', other: 'old' },
  secret: ['new', 'old'],
  published: ['old', 'new'],
  verdicts: ['old accepted', 'new accepted'],
  entries: [
    ['rotating', 'begun'],
    ['issued', null],
    ['rotating', 'published'],
    ['rotating', 'tested'],
    ['rotated', null],
  ],
  credential: 'live',
};

/** Returns how the invariant is broken: at least one key works, at most two do, and the secret's current key works. */
async function brokenBy(one: Rotated): Promise<string | undefined> {
  const verdicts = await one.verdicts();
  const live = Object.values(verdicts).filter((verdict) => verdict === 'accepted').length;
  if (live < 1 || live > 2) return `${live} keys work: ${JSON.stringify(verdicts)}`;
  const current = String(await one.keyAt('AWSCURRENT'));
  return verdicts[current] === 'accepted' ? undefined : `the current key ${current} does not work`;
}

/** Runs a rotation with a tap; Secrets Manager and the sweep retry it for three hours. */
async function rotateWith(tapOf: (one: () => Rotated) => Tap): Promise<Rotated> {
  const tap = tapOf(() => one);
  const one: Rotated = await rig.newClient((...call) => tap(...call));
  await one.due().catch(() => undefined);
  for (let minutes = 0; minutes < 180 && (await one.rotation()).state !== 'overlap'; minutes += 5) {
    await rig.pass(minutes === 0 ? minuteMs : 5 * minuteMs);
    await one.due().catch(() => undefined);
    await rig.secretsManager.idle();
  }
  return one;
}

/** Every call with an effect, in order, of an undisturbed rotation. */
const calls = [
  'commit', // begun
  'rotate',
  'putPending',
  'commit', // created
  'fetch', // the registration is read
  'fetch', // and updated
  'commit', // published
  'fetch', // a token by the new key
  'fetch', // revoked
  'commit', // tested
  'promote',
  'commit', // overlap
] as const;

describe('an undisturbed rotation', () => {
  it('makes these calls, and a key works before and after each', async () => {
    const made: string[] = [];
    const broken: unknown[] = [];
    const one = await rotateWith((get) => async (call, when) => {
      if (when === 'before') made.push(call);
      broken.push(await brokenBy(get()));
    });
    // Secrets Manager answers before it begins: the sweep ends while the first step runs
    expect(made.toSorted()).toEqual(calls.toSorted());
    expect(broken).toEqual(broken.map(() => undefined));
    expect(await endOf(one)).toEqual(undisturbed);
  });
});

describe('a crash', () => {
  it.each(
    calls.flatMap((call, index) => [[index, call, 'before'] as const, [index, call, 'after'] as const]),
  )(
    'at call %i, %s, %s it: the retry ends like an undisturbed rotation, and a key works all the time',
    async (index, _, when) => {
      let count = -1;
      let crashed = false;
      const broken: unknown[] = [];
      const one = await rotateWith((get) => async (_call, at) => {
        if (crashed) return void broken.push(await brokenBy(get()));
        if (at === 'before') count += 1;
        if (count !== index || at !== when) return;
        crashed = true;
        throw new Error('killed');
      });
      expect(crashed).toBe(true);
      expect(broken).toEqual(broken.map(() => undefined));
      expect(await endOf(one)).toEqual(undisturbed);
    },
  );

  it('that comes again and again, later each time, ends the same', async () => {
    let left = 1;
    let crashes = 0;
    const one = await rotateWith(() => async () => {
      left -= 1;
      if (left > 0) return;
      crashes += 1;
      left = crashes + 1;
      throw new Error('killed');
    });
    expect(crashes).toBeGreaterThan(4);
    expect(await endOf(one)).toEqual(undisturbed);
  });
});
