import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { authorityId, caseId, clientId, credentialId, partnerId } from '../../lib/domain/ids.ts';
import { createOperateClient } from '../../lib/cli/operate-client.ts';
import { credentialsOf } from '../../lib/local/overrides.ts';
import { place } from '../../lib/local/services.ts';
import type { OperatorName } from '../../lib/local/story/cast.ts';
import { ordered, request } from '../../lib/local/story/operator.ts';
import { setStage, type Stage } from '../../lib/local/story/stage.ts';
import type { OperateMessage } from '../../lib/wire/operate.ts';

/** P2, P3, P4, P8, P10: what operators may do alone, what takes two, and what a cut-off leaves alive. */
describe('the operator’s door', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
  });
  afterAll(() => stage.close());

  let made = 0;
  const partner = async (): Promise<string> => {
    const id = `partner-${(made += 1)}`;
    const registration = { id, revision: 1, name: 'One of many' };
    await ordered('registered', stage.order('alice', { command: 'register-partner', partner: registration }));
    return id;
  };
  /** A live refresh token of birch's client at the server, announced as this partner's. */
  const token = async (of: string): Promise<{ id: string; token: string }> => {
    const { grant, refreshToken, refreshTokenId: id } = await stage.authority.mint('birch', 'k-1');
    const consent = `consent-of-${of}`;
    await stage.bank.grant({ id: consent, partner: of, customer: 'k-1' });
    await stage.bank.issue({ id, kind: 'refresh_token', partner: of, consent, grant, token: refreshToken });
    await stage.world.settle();
    return { id, token: refreshToken };
  };
  const stateOf = async (id: string) =>
    (await stage.tables.credentials.find({ authority: authorityId('bank'), id: credentialId(id) }))?.state;
  const plan = (of: string, by: OperatorName = 'alice', id = request()): ReturnType<Stage['order']> =>
    stage.order(by, { command: 'plan', request: id, partner: of, reason: 'test' });
  const execute = (id: string, by: OperatorName = 'alice') =>
    stage.order(by, { command: 'execute', plan: id });
  const refused = async (answer: ReturnType<Stage['order']>) => (await ordered('refused', answer)).code;

  describe('a cut-off', () => {
    it('kills what was previewed, whoever else is at the same server', async () => {
      const [guilty, bystander] = [await partner(), await partner()];
      const [theirs, others] = [await token(guilty), await token(bystander)];
      const shown = await ordered('planned', plan(guilty));
      expect(shown).toMatchObject({
        count: 1,
        uncovered: 0,
        groups: [{ authority: 'bank', kind: 'refresh_token', count: 1 }],
        by: 'arn:aws:iam::000000000000:user/alice',
      });
      expect(await stateOf(theirs.id)).toBe('live');
      const done = await ordered('executed', execute(shown.plan));
      await stage.world.settle();
      const ended = await stage.tables.cases.find(caseId(done.case));
      expect(ended?.state).toBe('closed');
      expect([await stateOf(theirs.id), await stateOf(others.id)]).toEqual(['dead', 'live']);
      expect(await stage.auditor.introspect(theirs.token)).toBe(false);
      expect(await stage.auditor.introspect(others.token)).toBe(true);
    });

    it('is one case, executed twice at once and once more later', async () => {
      const id = await partner();
      await token(id);
      const { plan: shown } = await ordered('planned', plan(id));
      const answers = await Promise.all([execute(shown, 'alice'), execute(shown, 'bob')]);
      const cases = new Set(
        answers.map((answer) => (answer.kind === 'executed' ? answer.case : answer.kind)),
      );
      expect([...cases]).toEqual([`emergency-ordered/${id}/1/1`]);
      await stage.world.settle();
      expect(await ordered('executed', execute(shown))).toMatchObject({
        case: `emergency-ordered/${id}/1/1`,
      });
      expect((await stage.tables.cases.find(caseId(`emergency-ordered/${id}/1/2`)))?.state).toBeUndefined();
    });

    it('is refused where a credential came since the plan, and nothing is fenced', async () => {
      const id = await partner();
      await token(id);
      const { plan: shown } = await ordered('planned', plan(id));
      const late = await token(id);
      const answer = await ordered('refused', execute(shown));
      expect(answer).toMatchObject({ code: 'set-changed' });
      expect(answer.reason).toContain(late.id);
      expect(await stage.tables.fences.find({ type: 'partner', id: partnerId(id) })).toBeUndefined();
      expect(await stateOf(late.id)).toBe('live');
    });

    it('is planned once for one request, and by nobody else under it', async () => {
      const id = await partner();
      await token(id);
      const same = request();
      const first = await ordered('planned', plan(id, 'alice', same));
      expect(await ordered('planned', plan(id, 'alice', same))).toEqual(first);
      expect(await refused(plan(id, 'bob', same))).toBe('request-reused');
    });

    it('knows no other partners and no other plans', async () => {
      expect(await refused(plan('nobody'))).toBe('partner-unknown');
      expect(await refused(execute('01J00000000000000000000000'))).toBe('plan-unknown');
    });

    it('is not executed after its hour, nor over another registration', async () => {
      const id = await partner();
      const { plan: early } = await ordered('planned', plan(id));
      const next = { id, revision: 2, name: 'Renamed' };
      await ordered('registered', stage.order('bob', { command: 'register-partner', partner: next }));
      expect(await refused(execute(early))).toBe('partner-changed');
      const { plan: later } = await ordered('planned', plan(id));
      await stage.world.clock.advance(61 * 60_000);
      expect(await refused(execute(later))).toBe('plan-old');
    });

    it('keeps out what comes later: born condemned, and killed in a follow-up case', async () => {
      const id = await partner();
      await token(id);
      const { plan: shown } = await ordered('planned', plan(id));
      await ordered('executed', execute(shown));
      await stage.world.settle();
      const late = await token(id);
      await stage.world.settle();
      expect(await stateOf(late.id)).toBe('dead');
      expect(await stage.tables.cases.find(caseId(`emergency-ordered/${id}/1/2`))).toMatchObject({
        state: 'closed',
        follows: `emergency-ordered/${id}/1/1`,
      });
    });

    it('is undone by two people only, who have to mean the same registration', async () => {
      const id = await partner();
      await token(id);
      const { plan: shown } = await ordered('planned', plan(id));
      await ordered('executed', execute(shown));
      await stage.world.settle();
      const again = (name: string, by: OperatorName) =>
        stage.order(by, { command: 'register-partner', partner: { id, revision: 2, name } });
      expect((await again('Back', 'alice')).kind).toBe('asked');
      expect((await again('Back', 'alice')).kind).toBe('asked');
      expect((await again('Another', 'bob')).kind).toBe('asked');
      expect((await stage.tables.partners.find(partnerId(id)))?.revision).toBe(1);
      const client = (await stage.tables.clients.find(clientId('acme-app'))) ?? {};
      const register = () =>
        stage.order('alice', {
          command: 'register-client',
          client: { ...client, id: `${id}-app`, partner: id, keyId: `key-of-${id}` } as never,
        });
      expect(await refused(register())).toBe('cut-off-already');
      expect((await again('Another', 'alice')).kind).toBe('registered');
      expect((await register()).kind).toBe('registered');
      const fresh = await token(id);
      expect(await stateOf(fresh.id)).toBe('live');
    });
  });

  describe('a hold', () => {
    const suspend = (subject: Extract<OperateMessage, { command: 'suspend' }>['subject'], id = request()) =>
      stage.order('alice', { command: 'suspend', request: id, subject, reason: 'odd traffic' });

    it('is placed once for one request, and once for one subject', async () => {
      const subject = { type: 'partner', id: await partner() } as const;
      const same = request();
      const first = await ordered('held', suspend(subject, same));
      expect(await ordered('held', suspend(subject, same))).toEqual(first);
      expect(await refused(suspend(subject))).toBe('held-already');
    });

    it('may be placed anew after it was lifted, under another id', async () => {
      const subject = { type: 'partner', id: await partner() } as const;
      const first = await ordered('held', suspend(subject));
      const lift = (by: OperatorName) =>
        stage.order(by, { command: 'reinstate', hold: first.hold, reason: 'all is well' });
      expect((await lift('bob')).kind).toBe('asked');
      expect((await lift('alice')).kind).toBe('lifted');
      expect((await lift('alice')).kind).toBe('lifted');
      const second = await ordered('held', suspend(subject));
      expect(second.hold).not.toBe(first.hold);
      // what two people said of the first says nothing of the second
      expect(
        (await stage.order('bob', { command: 'reinstate', hold: second.hold, reason: 'again' })).kind,
      ).toBe('asked');
    });

    it.each([
      [{ type: 'partner', id: 'nobody' }, 'partner-unknown'],
      [{ type: 'consent', id: 'none' }, 'consent-unknown'],
      [{ type: 'credential', authority: 'bank', id: 'none' }, 'credential-unknown'],
    ] as const)('on %j is refused', async (subject, code) => {
      expect(await refused(suspend(subject))).toBe(code);
    });

    it.each(['partner/nobody/01J00000000000000000000000', 'x', 'partner/%/1', 'credential/bank/1'])(
      'called %s cannot be lifted',
      async (hold) => {
        expect(await refused(stage.order('bob', { command: 'reinstate', hold, reason: 'x' }))).toBe(
          'hold-unknown',
        );
      },
    );

    it('keeps a key from being rotated, until it is lifted', async () => {
      const { hold } = await ordered('held', suspend({ type: 'partner', id: 'acme' }));
      const rotate = { command: 'rotate', client: 'acme-app', reason: 'test' } as const;
      await ordered('rotation-ordered', stage.order('alice', rotate));
      await stage.world.clock.advance(61_000);
      await stage.world.settle();
      const found = () => stage.tables.rotations.find(clientId('acme-app'));
      expect(await found()).toMatchObject({ state: 'resting', number: 0 });
      for (const by of ['alice', 'bob'] as const)
        await stage.order(by, { command: 'reinstate', hold, reason: 'well' });
      await stage.world.clock.advance(11 * 60_000);
      await stage.world.settle();
      expect(await found()).toMatchObject({ number: 1 });
    });
  });

  it('says which member is wrong, and changes nothing', async () => {
    const before = await stage.world.dynamo.items(stage.world.environment['RESCIND_REGISTRY_TABLE'] ?? '');
    const bad = { command: 'register-partner', partner: { id: 'a b', revision: 0, name: '' } };
    const answer = await ordered('refused', stage.order('alice', bad as never));
    expect(answer.code).toBe('malformed');
    for (const member of ['partner.id', 'partner.revision', 'partner.name'])
      expect(answer.reason).toContain(member);
    const after = await stage.world.dynamo.items(stage.world.environment['RESCIND_REGISTRY_TABLE'] ?? '');
    expect(after.length).toBe(before.length);
  });

  it('believes no name in the body', async () => {
    const message = {
      command: 'suspend',
      request: request(),
      subject: { type: 'partner', id: await partner() },
      reason: 'x',
      by: 'arn:aws:iam::000000000000:user/bob',
    };
    expect(await ordered('held', stage.order('alice', message as never))).toMatchObject({
      by: 'arn:aws:iam::000000000000:user/alice',
    });
  });

  it('lets in no function of the stack, and nobody who does not sign', async () => {
    const url = stage.world.environment['RESCIND_OPERATE_URL'] ?? '';
    const functions = createOperateClient({
      url,
      region: place.region,
      credentials: credentialsOf('take-signal'),
    });
    await expect(functions.send({ command: 'execute', plan: 'x' })).rejects.toThrow(
      'lambda:InvokeFunctionUrl',
    );
    const unsigned = await fetch(url, { method: 'POST', body: '{}' });
    expect(unsigned.status).toBe(403);
  });

  it('registers a client of what is registered only, and no second time with another key', async () => {
    const known = await stage.tables.clients.find(clientId('acme-app'));
    if (!known) throw new Error('the stage registers it');
    const client = { ...known, id: 'other-app', keyId: 'key-of-other' };
    const register = (over: object) =>
      stage.order('alice', { command: 'register-client', client: { ...client, ...over } as never });
    expect(await refused(register({ partner: 'nobody' }))).toBe('partner-unknown');
    expect(await refused(register({ authority: 'nowhere' }))).toBe('authority-unknown');
    expect(await refused(register({ keyId: known.keyId }))).toBe('conflict');
    expect(await refused(register({ id: 'acme-app', revision: 2, keyId: 'x' }))).toBe('key-changed');
    expect((await register({ id: 'acme-app', keyId: known.keyId })).kind).toBe('outdated');
    expect(await refused(stage.order('bob', { command: 'rotate', client: 'nothing', reason: 'x' }))).toBe(
      'client-unknown',
    );
  });
});
