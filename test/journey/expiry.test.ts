import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { caseId } from '../../lib/domain/ids.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { announce, itemsOf } from './rig.ts';

/** P2, P8: what is due ends, once, however many sweeps run. */
describe('expiry', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
  });
  afterAll(() => stage.close());

  const inMinutes = (minutes: number) => new Date(stage.world.clock.now() + minutes * 60_000).toISOString();
  const issue = async (id: string, consent: string, more: object = {}) => {
    const { grant, refreshToken } = await stage.authority.mint('acme', 'k-1');
    await stage.bank.issue({
      id,
      kind: 'refresh_token',
      partner: 'acme',
      consent,
      grant,
      token: refreshToken,
      ...more,
    });
    return refreshToken;
  };
  const cases = async (kind: string) =>
    (await itemsOf(stage.world, 'CASES'))
      .map((item) => item as Readonly<Record<string, { readonly S?: string }>>)
      .flatMap(({ sk, id }) => (sk?.S === 'case' && id?.S !== undefined ? [id.S] : []))
      .filter((id) => id.startsWith(kind));

  it('ends a consent at its time, with every credential under it, and leaves another alone', async () => {
    const at = inMinutes(0);
    const detail = {
      ...{
        version: 1,
        id: 'g-exp',
        occurredAt: at,
        consent: { id: 'c-exp', generation: 1 },
        partner: 'acme',
        customer: 'k',
      },
      // another offset than UTC: times are compared, not texts
      ...{
        scopes: ['accounts'],
        grantedAt: at,
        expiresAt: new Date(Date.parse(inMinutes(5)) + 3_600_000).toISOString().replace('Z', '+01:00'),
      },
    };
    await announce(stage.world, { source: 'bank.consents', type: 'Consent Granted', detail });
    const gone = [await issue('e-1', 'c-exp'), await issue('e-2', 'c-exp')];
    const stays = await issue('e-3', 'c-other');
    await stage.world.settle();
    await stage.world.clock.advance(4 * 60_000);
    await stage.world.settle();
    expect(await stage.auditor.introspect(gone[0] ?? '')).toBe(true);
    await stage.world.clock.advance(2 * 60_000);
    expect(await stage.world.settle()).toBe(true);
    for (const token of gone) expect(await stage.auditor.introspect(token)).toBe(false);
    expect(await stage.auditor.introspect(stays)).toBe(true);
    expect(await stage.tables.cases.find(caseId('consent-expired/c-exp/1/1'))).toMatchObject({
      state: 'closed',
    });
  });

  it('opens one case when two sweeps run at once', async () => {
    stage.world.scheduler.paused = true;
    const token = await issue('twice', 'c-twice', { expiresAt: inMinutes(1) });
    await stage.world.settle();
    await stage.world.clock.advance(2 * 60_000);
    const sweeps = await Promise.all([
      stage.world.invoke('expire-credentials', {}),
      stage.world.invoke('expire-credentials', {}),
    ]);
    expect(sweeps.every(({ ok }) => ok)).toBe(true);
    expect(
      sweeps
        .map((sweep) => (sweep.ok ? (sweep.payload as { ended: number }).ended : -1))
        .reduce((a, b) => a + b),
    ).toBe(1);
    await stage.world.settle();
    expect(await cases('credential-expired/bank:twice/')).toHaveLength(1);
    expect(await stage.auditor.introspect(token)).toBe(false);
    const again = await stage.world.invoke('expire-credentials', {});
    expect(again).toEqual({ ok: true, payload: { ended: 0, cleared: 0 } });
  });

  it('finds later what a lagging index hides at first', async () => {
    stage.world.dynamo.setIndexLag(90_000);
    const token = await issue('lag', 'c-lag', { expiresAt: inMinutes(1) });
    await stage.world.settle();
    await stage.world.clock.advance(61_000);
    expect(await stage.world.invoke('expire-credentials', {})).toMatchObject({ payload: { ended: 0 } });
    await stage.world.clock.advance(60_000);
    expect(await stage.world.invoke('expire-credentials', {})).toMatchObject({ payload: { ended: 1 } });
    await stage.world.settle();
    expect(await stage.auditor.introspect(token)).toBe(false);
    stage.world.dynamo.setIndexLag(0);
  });
});
