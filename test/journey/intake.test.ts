import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { Secret } from '../../lib/domain/secret.ts';
import { caseId } from '../../lib/domain/ids.ts';
import { type KeySet, sealHandle } from '../../lib/keys/handle.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { announce as announceIn, entriesOf, messagesIn, queueArn, rejectedIn, rowsOf } from './rig.ts';

/** P3, P4, P8 at the door: what is refused leaves a reason, a digest and an entry, and nothing else. */
describe('intake', () => {
  let stage: Stage;
  let before: readonly string[];

  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    before = await rows();
  });

  const at = '2026-01-31T09:30:00Z';
  const announce = (type: string, detail: object, source = 'bank.consents') =>
    announceIn(stage.world, { source, type, detail });
  const rows = () => rowsOf(stage.world);
  const fresh = async () => (await rows()).filter((row) => !before.includes(row));
  const rejected = () => rejectedIn(stage.world);
  const entries = (kind: string) => entriesOf(stage.world, kind);

  const granted = (id: string, consent = 'c-1', partner = 'acme', generation = 1) => ({
    ...{ version: 1, id, occurredAt: at, consent: { id: consent, generation }, partner, customer: 'k-1' },
    ...{ scopes: ['accounts'], grantedAt: at },
  });
  const withdrawn = (id: string, consent = 'c-1', generation = 1) => ({
    version: 1,
    id,
    occurredAt: at,
    consent: { id: consent, generation },
    by: 'customer',
  });
  const issued = (id: string, credential: object) => ({
    version: 1,
    id,
    occurredAt: at,
    credential: { authority: 'bank', kind: 'refresh_token', partner: 'acme', ...credential },
  });

  it.each([
    [
      'an unknown detail-type',
      'Consent Paused',
      granted('r-1'),
      'bank.consents',
      'unknown-type',
      'Consent Granted',
    ],
    [
      'an unknown version',
      'Consent Granted',
      { ...granted('r-2'), version: 2 },
      'bank.consents',
      'malformed',
      'version',
    ],
    [
      'a partner that is not registered',
      'Consent Granted',
      granted('r-4', 'c-9', 'nobody'),
      'bank.consents',
      'partner-unknown',
      'register it',
    ],
    [
      'a raw token in place of a handle',
      'Credential Issued',
      issued('r-5', { id: 'x', handle: 'raw-token-canary-0123456789' }),
      'bank.tokens',
      'malformed',
      'credential.handle',
    ],
  ])(
    'puts aside %s with a reason that helps, and writes nothing else',
    async (_, type, detail, source, code, says) => {
      const count = (await entries('rejected')).length;
      await announce(type, detail, source);
      const last = rejected().at(-1);
      expect(last).toMatchObject({ code });
      expect(last?.reason).toContain(says);
      const written = await fresh();
      expect(written).toHaveLength(1);
      expect(written[0]).toContain(`rejection#${last?.digest}`);
      const recorded = await entries('rejected');
      expect(recorded).toHaveLength(count + 1);
      expect(
        recorded.some(({ facts, changes }) => facts.digest === last?.digest && changes.length === 0),
      ).toBe(true);
      expect(JSON.stringify([rejected(), await rows(), stage.world.logs])).not.toContain('raw-token-canary');
    },
  );

  it.each([
    ['another account', { account: '999999999999' }],
    ['a source that is not on the list', { source: 'somebody.else' }],
  ])('puts aside what %s sent, even straight into the queue', async (_, from) => {
    const event = {
      version: '0',
      id: 'e',
      'detail-type': 'Consent Withdrawn',
      source: 'bank.consents',
      account: '000000000000',
      time: at,
      region: 'eu-west-1',
      resources: [],
      detail: withdrawn('f-1'),
      ...from,
    };
    stage.world.sqs.send(queueArn(stage.world, 'Signals'), JSON.stringify(event));
    await stage.world.settle();
    expect(rejected().at(-1)).toMatchObject({ code: 'foreign' });
    expect(await stage.tables.cases.find(caseId('consent-withdrawn/c-1/1/1'))).toBeUndefined();
  });

  it('puts aside what is no event at all', async () => {
    stage.world.sqs.send(queueArn(stage.world, 'Signals'), 'not json');
    await stage.world.settle();
    expect(rejected().at(-1)).toMatchObject({ code: 'malformed' });
  });

  it('records one rejection for the same announcement sent twice', async () => {
    await announce('Consent Granted', { ...granted('twice'), version: 7 });
    const count = (await entries('rejected')).length;
    await announce('Consent Granted', { ...granted('twice'), version: 7 });
    expect(await entries('rejected')).toHaveLength(count);
  });

  it('changes nothing at a duplicate, and refuses the same id with another body', async () => {
    await announce('Consent Granted', granted('g-1', 'c-dup'));
    const written = await rows();
    await announce('Consent Granted', granted('g-1', 'c-dup'));
    expect(await rows()).toEqual(written);
    await announce('Consent Granted', granted('g-1', 'c-other'));
    expect(rejected().at(-1)).toMatchObject({ code: 'id-reused' });
    expect((await rows()).some((row) => row.includes('c-other'))).toBe(false);
  });

  it('refuses a handle that was made for another credential', async () => {
    const keys = JSON.parse((await stage.tables.published.jwks()) ?? '') as KeySet;
    const handle = await sealHandle(
      keys,
      { authority: 'bank', partner: 'acme', credential: 'victim' },
      new Secret('t'),
    );
    await announce('Credential Issued', issued('t-1', { id: 'mine', handle }), 'bank.tokens');
    expect(rejected().at(-1)).toMatchObject({ code: 'transplanted' });
    expect(await fresh()).toHaveLength(1);
  });

  it('opens a case for a consent that it has never heard of, and lets a late grant be born withdrawn', async () => {
    await announce('Consent Withdrawn', withdrawn('w-early', 'c-early'));
    expect(await stage.tables.cases.find(caseId('consent-withdrawn/c-early/1/1'))).toMatchObject({
      state: 'closed',
    });
    await announce('Consent Granted', granted('g-late', 'c-early'));
    expect(await stage.tables.consents.find('c-early', 1)).toMatchObject({ state: 'withdrawn' });
  });

  it('makes one case of one withdrawal told by two senders', async () => {
    await announce('Consent Withdrawn', withdrawn('w-1', 'c-two'));
    await announce('Consent Withdrawn', withdrawn('w-1', 'c-two'), 'bank.tokens');
    const told = (await entries('withdrawn')).filter(
      ({ subject, case: id }) => subject.includes('c-two') || id?.includes('c-two'),
    );
    expect(told).toHaveLength(2);
    expect(told.filter(({ changes }) => changes.length > 0)).toHaveLength(1);
  });

  it('condemns a credential that arrives under a fence, in a follow-up case, and kills it', async () => {
    await announce('Consent Withdrawn', withdrawn('w-2', 'c-late'));
    const minted = await stage.authority.mint('acme', 'k-1');
    await stage.bank.issue({
      id: 'late-rt',
      kind: 'refresh_token',
      partner: 'acme',
      consent: 'c-late',
      grant: minted.grant,
      token: minted.refreshToken,
    });
    await stage.world.settle();
    const followUp = await stage.tables.cases.find(caseId('consent-withdrawn/c-late/1/2'));
    expect(followUp).toMatchObject({ state: 'closed', follows: 'consent-withdrawn/c-late/1/1' });
    expect(await stage.auditor.introspect(minted.refreshToken)).toBe(false);
    expect(await stage.tables.cases.find(caseId('consent-withdrawn/c-late/1/1'))).toMatchObject({
      state: 'closed',
    });
  });

  // Ids were keys of a plain object: `constructor` poisoned its group, `__proto__` forged a sighting.
  it('kills credentials whatever their ids mean to JavaScript', async () => {
    const tokens: string[] = [];
    for (const id of ['constructor', '__proto__', 'toString', 'plain']) {
      const minted = await stage.authority.mint('acme', 'k-1');
      tokens.push(minted.refreshToken);
      await stage.bank.issue({
        id,
        kind: 'refresh_token',
        partner: 'acme',
        consent: 'c-proto',
        grant: minted.grant,
        token: minted.refreshToken,
      });
    }
    await stage.world.settle();
    await announce('Consent Withdrawn', withdrawn('w-proto', 'c-proto'));
    expect(await stage.tables.cases.find(caseId('consent-withdrawn/c-proto/1/1'))).toMatchObject({
      state: 'closed',
    });
    for (const token of tokens) expect(await stage.auditor.introspect(token)).toBe(false);
  });

  it('keeps a case open for a credential that no connector covers', async () => {
    await announce(
      'Credential Issued',
      issued('u-1', {
        authority: 'elsewhere',
        id: 'u-key',
        kind: 'api_key',
        consent: { id: 'c-unc', generation: 1 },
      }),
      'bank.tokens',
    );
    await announce('Consent Withdrawn', withdrawn('w-3', 'c-unc'));
    const open = await stage.tables.cases.find(caseId('consent-withdrawn/c-unc/1/1'));
    expect(open?.state).toBe('working');
    expect(open && (await stage.tables.cases.tallies(open))[0]).toMatchObject({
      planned: 1,
      open: 1,
      uncovered: 1,
    });
  });

  it('leaves another generation alone', async () => {
    const minted = await stage.authority.mint('acme', 'k-2');
    await announce('Consent Withdrawn', withdrawn('w-4', 'c-gen'));
    const keys = JSON.parse((await stage.tables.published.jwks()) ?? '') as KeySet;
    const handle = await sealHandle(
      keys,
      { authority: 'bank', partner: 'acme', credential: 'gen-2' },
      new Secret(minted.refreshToken),
    );
    await announce(
      'Credential Issued',
      issued('i-2', { id: 'gen-2', handle, consent: { id: 'c-gen', generation: 2 } }),
      'bank.tokens',
    );
    expect(await stage.auditor.introspect(minted.refreshToken)).toBe(true);
    await announce('Consent Withdrawn', withdrawn('w-5', 'c-gen', 2));
    expect(await stage.auditor.introspect(minted.refreshToken)).toBe(false);
  });

  it('loses no signal and reports no function error on the way', () => {
    expect(stage.world.logs.filter(({ text }) => text.includes('"level":"ERROR"'))).toEqual([]);
    expect(messagesIn(stage.world, 'Exhausted')).toEqual([]);
  });
});
