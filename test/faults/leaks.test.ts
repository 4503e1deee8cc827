import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { FunctionName } from '../../lib/wire/environment.ts';
import { brokenBundle } from '../journey/broken-bundle.ts';
import { wholeStory } from '../journey/whole-story.ts';
import { rotatingClient } from '../story/cast.ts';
import { ordered } from '../story/operator.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { Canaries } from './canaries.ts';

/** A stage on which somebody reads along. */
async function watchedStage(bundles: Partial<Record<FunctionName, string>> = {}) {
  const canaries = new Canaries();
  const stage = await setStage({ assembly: inject('assembly'), bundles });
  canaries.watch(stage);
  return { stage, canaries };
}

/** A consent with one refresh token, which is withdrawn. */
async function withdraw(consent: string, { authority, bank, world }: Stage): Promise<void> {
  const { grant, refreshToken: token, refreshTokenId: id } = await authority.mint('acme', 'customer-7');
  await bank.grant({ id: consent, partner: 'acme', customer: 'customer-7' });
  await bank.issue({ id, kind: 'refresh_token', partner: 'acme', consent, grant, token });
  await world.settle();
  await bank.withdraw(consent);
  await world.settle();
}

describe('secrets', () => {
  it('are in no table, log line, event, queue message or call but those to Secrets Manager', async () => {
    const { canaries } = await wholeStory();
    // nine minted tokens, one refreshed, one exchanged, the operator's key and secret, the handle key, a client's two keys and
    // its registration token
    expect(canaries.values.size).toBeGreaterThanOrEqual(17);
    expect(canaries.seen.length).toBeGreaterThan(100);
    expect(canaries.leaks()).toEqual([]);
  });

  it('of whom a consent is, are in no table and in no log line', async () => {
    const { canaries } = await wholeStory();
    const kept = canaries.seen.filter(({ where }) => /^(table|log) /.test(where));
    expect(kept.filter(({ text }) => /customer-01/.test(text)).length).toBeGreaterThan(0);
    expect(kept.filter(({ text }) => /customer-(7|9|11)\b/.test(text))).toEqual([]);
  });

  it('are seen when a worker logs one', async () => {
    const bundle = await brokenBundle('work-obligations', {
      file: 'lib/flows/work/attempt-group.ts',
      from: 'const token = await deps.openHandle(credential);',
      to: "const token = await deps.openHandle(credential); deps.log.info('opened', { token: token?.reveal() });",
    });
    const { stage, canaries } = await watchedStage({ 'work-obligations': bundle });
    onTestFinished(() => stage.close());
    await withdraw('consent-1', stage);
    await canaries.look(stage);
    expect(new Set(canaries.leaks().map((where) => where.replace(/Rescind-.*/, '')))).toEqual(
      new Set(['log of ']),
    );
  });
});

/** One world for all answers, one after the other: what was owed under one is tried again under the next. */
describe('secrets stay hidden', () => {
  let stage: Stage;
  let canaries: Canaries;
  beforeAll(async () => {
    ({ stage, canaries } = await watchedStage());
  });
  afterAll(() => stage.close());

  /** How the calls at a path that begins so were answered since. */
  const answersSince = async (before: number, path: string) =>
    (await stage.authority.requests())
      .slice(before)
      .filter((request) => request.path.startsWith(path))
      .map(({ status = 'none' }) => status);

  it.each([
    ['broken-json', 200],
    ['http-500', 500],
    ['redirect', 307],
    ['drop', 'none'],
  ] as const)('where the authority answers %s', async (behaviour, status) => {
    const before = (await stage.authority.requests()).length;
    await stage.authority.behave('revocation', behaviour);
    await withdraw(`consent-${behaviour}`, stage);
    expect(await answersSince(before, '/token/revocation')).toContain(status);
    await canaries.look(stage);
    expect(canaries.leaks()).toEqual([]);
  });

  describe('where the authority answers to a change of keys', () => {
    beforeAll(async () => {
      await ordered(
        'rotation-ordered',
        stage.order('alice', { command: 'rotate', client: rotatingClient, reason: 'test' }),
      );
    });

    it.each([
      ['broken-json', 200],
      ['http-401', 401],
      ['drop', 'none'],
    ] as const)('%s', async (behaviour, status) => {
      const before = (await stage.authority.requests()).length;
      await stage.authority.behave('registration', behaviour);
      // Secrets Manager tries again a minute later, and two minutes after that; then the sweep asks it anew
      for (let minutes = 0; minutes < 30 && (await answersSince(before, '/reg')).length === 0; minutes += 1) {
        await stage.world.clock.advance(61_000);
        await stage.world.settle();
      }
      expect(await answersSince(before, '/reg')).toContain(status);
      await canaries.look(stage);
      expect(canaries.leaks()).toEqual([]);
    });
  });
});
