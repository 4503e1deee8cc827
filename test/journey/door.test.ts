import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { authorityId, caseId, clientId, partnerId } from '../../lib/domain/ids.ts';
import { createOperateClient } from '../../lib/cli/operate-client.ts';
import { credentialsOf } from '../cloud/overrides.ts';
import { place } from '../cloud/services.ts';
import type { OperatorName } from '../story/cast.ts';
import { ordered, request } from '../story/operator.ts';
import { setStage, type Stage } from '../story/stage.ts';
import type { OperateMessage } from '../../lib/wire/operate.ts';
import { stateOfToken } from './rig.ts';

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
  const stateOf = (id: string) => stateOfToken(stage, id);
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

  it('counts no asking of before a cut-off after the next one', async () => {
    const id = await partner();
    const cutOff = async () => {
      const { plan: shown } = await ordered('planned', plan(id));
      await ordered('executed', execute(shown));
      await stage.world.settle();
    };
    const again = (revision: number, by: OperatorName) =>
      stage.order(by, { command: 'register-partner', partner: { id, revision, name: 'Back' } });
    await cutOff();
    expect((await again(3, 'alice')).kind).toBe('asked');
    expect((await again(2, 'alice')).kind).toBe('asked');
    expect((await again(2, 'bob')).kind).toBe('registered');
    await cutOff();
    expect((await again(3, 'bob')).kind).toBe('asked');
    expect((await again(3, 'alice')).kind).toBe('registered');
  });

  it('lets a partner in again only when its case has listed all that dies', async () => {
    const id = await partner();
    await token(id);
    const { plan: shown } = await ordered('planned', plan(id));
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    const stop = stage.world.gateway.use(async (call, next) => {
      if (call.caller.name === 'plan-case' && call.operation === 'Query') await held;
      return next();
    });
    await ordered('executed', execute(shown));
    const again = (by: OperatorName) =>
      stage.order(by, { command: 'register-partner', partner: { id, revision: 2, name: 'Back' } });
    expect(await refused(again('alice'))).toBe('cut-off-running');
    release();
    stop();
    await stage.world.settle();
    await again('alice');
    expect((await again('bob')).kind).toBe('registered');
    const fresh = await token(id);
    expect(await stateOf(fresh.id)).toBe('live');
  });

  it('registers and moves an authority by two people only, and sends no registration token elsewhere', async () => {
    const known = await stage.tables.authorities.find(authorityId('bank'));
    if (!known) throw new Error('the stage registers it');
    const server = { ...known, id: 'server-2', revision: 1 };
    const register = (by: OperatorName, over: object) =>
      stage.order(by, { command: 'register-authority', authority: { ...server, ...over } as never });
    // handles of its credentials may wait for it already
    expect((await register('alice', {})).kind).toBe('asked');
    expect((await register('alice', {})).kind).toBe('asked');
    expect((await register('bob', {})).kind).toBe('registered');
    expect((await register('alice', { revision: 2, limits: { concurrency: 3 } })).kind).toBe('registered');
    const moved = { revision: 3, introspectionEndpoint: 'https://evil.example/introspect' };
    expect((await register('alice', moved)).kind).toBe('asked');
    expect((await register('alice', moved)).kind).toBe('asked');
    expect((await register('bob', moved)).kind).toBe('registered');
    const client = await stage.tables.clients.find(clientId('acme-app'));
    const elsewhere = { ...client, id: 'evil-app', keyId: 'k', registrationUri: 'https://evil.example/reg' };
    expect(
      await refused(stage.order('bob', { command: 'register-client', client: elsewhere as never })),
    ).toBe('foreign-uri');
  });

  it('lifts a hold on what has the longest name there is', async () => {
    const id = '%'.repeat(128);
    await stage.bank.issue({
      id,
      kind: 'refresh_token',
      partner: 'birch',
      consent: 'c-long',
      grant: 'g',
      token: 't',
    });
    await stage.world.settle();
    const subject = { type: 'credential', authority: 'bank', id } as const;
    const place = { command: 'suspend', request: request(), subject, reason: 'x' } as const;
    const { hold } = await ordered('held', stage.order('alice', place));
    for (const by of ['alice', 'bob'] as const)
      await stage.order(by, { command: 'reinstate', hold, reason: 'x' });
    expect((await stage.tables.holds.find(subject as never))?.state).toBe('lifted');
  });

  it('takes a body that is no base64 for malformed', async () => {
    const answer = await stage.world.invoke('operate', {
      requestContext: {
        authorizer: { iam: { userArn: 'arn:aws:iam::000000000000:user/alice', userId: 'x' } },
        http: { method: 'POST' },
      },
      body: '*',
      isBase64Encoded: true,
    });
    expect(answer).toMatchObject({ ok: true, payload: { statusCode: 400 } });
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

    it('is not revived by a request that was used', async () => {
      const subject = { type: 'partner', id: await partner() } as const;
      const [first, second] = [request(), request()];
      const both = async (hold: string) => {
        for (const by of ['alice', 'bob'] as const)
          await stage.order(by, { command: 'reinstate', hold, reason: 'well' });
      };
      await both((await ordered('held', suspend(subject, first))).hold);
      expect(await refused(suspend(subject, first))).toBe('request-reused');
      await both((await ordered('held', suspend(subject, second))).hold);
      expect(await refused(suspend(subject, first))).toBe('request-reused');
      const found = await stage.tables.holds.find({ type: 'partner', id: partnerId(subject.id) });
      expect(found?.state).toBe('lifted');
    });

    it('keeps a key from being rotated, until it is lifted', async () => {
      const rotate = { command: 'rotate', client: 'acme-app', reason: 'test' } as const;
      const found = () => stage.tables.rotations.find(clientId('acme-app'));
      const sweep = async (minutes: number) => {
        await stage.world.clock.advance(minutes * 61_000);
        await stage.world.settle();
      };
      const lift = async (hold: string) => {
        for (const by of ['alice', 'bob'] as const)
          await stage.order(by, { command: 'reinstate', hold, reason: 'well' });
      };
      await ordered('rotation-ordered', stage.order('alice', rotate));
      const first = await ordered('held', suspend({ type: 'partner', id: 'acme' }));
      await sweep(1);
      expect(await found()).toMatchObject({ state: 'resting', number: 0 });
      expect(await refused(stage.order('alice', rotate))).toBe('held-already');
      await lift(first.hold);
      // one that has begun goes no step further, either
      let second = '';
      const stop = stage.world.gateway.use(async (call, next) => {
        if (second === '' && call.caller.name === 'rotate-secret' && call.operation === 'DescribeSecret') {
          second = 'on its way';
          second = (await ordered('held', suspend({ type: 'partner', id: 'acme' }))).hold;
        }
        return next();
      });
      await sweep(11);
      stop();
      expect(await found()).toMatchObject({ state: 'begun', number: 1 });
      await lift(second);
      await sweep(11);
      expect((await found())?.state).not.toBe('begun');
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
