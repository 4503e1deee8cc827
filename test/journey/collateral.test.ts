import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { caseId } from '../../lib/domain/ids.ts';
import { place } from '../cloud/services.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { rescind, rescindJson } from '../cli/world.ts';
import { stateOfToken } from './rig.ts';

/** P3, P10: an authority that revokes by grant, and who decides what dies with what. */
describe('at a server that revokes by grant', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
  });
  // the command line, as alice
  beforeEach(() => {
    const { accessKeyId, secretAccessKey } = stage.world.admit('alice');
    const environment = {
      ...stage.world.environment,
      AWS_REGION: place.region,
      AWS_ENDPOINT_URL: stage.world.gateway.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await stage.close();
  });

  /** A refresh token of birch's, under a consent of its own, announced by the bank. */
  const issued = async (consent: string, grant?: string) => {
    const minted = await stage.authority.mint('birch', 'customer-7', grant === undefined ? {} : { grant });
    const { refreshToken: token, refreshTokenId: id } = minted;
    const under = { partner: 'birch', consent, grant: minted.grant } as const;
    await stage.bank.issue({ ...under, id, kind: 'refresh_token', token });
    return { id, token, minted, under };
  };
  const granted = (consent: string) =>
    stage.bank.grant({ id: consent, partner: 'birch', customer: 'customer-7' });
  /** Calls of Rescind's that arrived at the server since a number of them. */
  const callsSince = async (before: number) =>
    (await stage.authority.requests()).slice(before).map(({ path }) => path.split('/').at(-1));

  it('leaves a token alone whose revocation would end what another consent lives by, until a person decides', async () => {
    await granted('shared-1');
    await granted('shared-2');
    const mine = await issued('shared-1');
    const theirs = await issued('shared-2', mine.minted.grant);
    await stage.world.settle();
    const before = (await stage.authority.requests()).length;
    await stage.bank.withdraw('shared-1');
    await stage.world.settle();

    const id = 'consent-withdrawn/shared-1/1/1';
    expect(await callsSince(before)).not.toContain('revocation');
    expect(await stage.clients.birch.refresh(theirs.token)).toMatchObject({ ok: true });
    expect(await stage.auditor.introspect(mine.token)).toBe(true);
    expect(await stage.tables.cases.find(caseId(id))).toMatchObject({ state: 'working' });
    const shown = await rescind('case', 'show', id);
    expect(shown.stdout).toContain(`  bank/${mine.id}  would end bank/${theirs.id} of shared-2@1\n`);
    expect(shown.stdout).toContain(`    rescind approve ${id} --credential bank/${mine.id} --reason '…'\n`);

    const order = ['approve', id, '--credential', `bank/${mine.id}`, '--reason', 'they may link anew'];
    expect(await rescindJson(...order)).toMatchObject({
      code: 0,
      result: { kind: 'approved', state: 'open', count: 1, ends: [`credential/bank/${theirs.id}`] },
    });
    await stage.world.clock.advance(125_000);
    await stage.world.settle();
    expect(await stage.tables.cases.find(caseId(id))).toMatchObject({ state: 'closed' });
    expect(await stateOfToken(stage, mine.id)).toBe('dead');
    expect(await stage.auditor.introspect(mine.token)).toBe(false);
    // what was accepted
    expect(await stage.clients.birch.refresh(theirs.token)).toEqual({ ok: false, error: 'invalid_grant' });

    expect(await rescindJson(...order)).toMatchObject({ code: 0, result: { state: 'dead', count: 0 } });
    const { stdout: ledger } = await rescind('ledger', 'show', '--case', id);
    expect(ledger.match(/ approved /g)).toHaveLength(1);
    expect(ledger).toContain('by arn:aws:iam::000000000000:user/alice: they may link anew');
    expect(ledger).toContain(`credential/bank/${mine.id}: condemned -> dead`);
  });

  it('ends all of one grant by one call where all of it is in the case, and looks at each', async () => {
    await granted('whole');
    const first = await issued('whole');
    const second = await issued('whole', first.minted.grant);
    for (const { minted, under } of [first, second])
      await stage.bank.issue({
        ...under,
        id: minted.accessTokenId,
        kind: 'access_token',
        token: minted.accessToken,
      });
    await stage.world.settle();
    const before = (await stage.authority.requests()).length;
    await stage.bank.withdraw('whole');
    await stage.world.settle();

    const id = 'consent-withdrawn/whole/1/1';
    expect(await rescindJson('case', 'show', id)).toMatchObject({
      result: { state: 'closed', planned: 4, dead: 4, uncovered: 0 },
    });
    const calls = await callsSince(before);
    expect(calls.filter((path) => path === 'revocation')).toHaveLength(1);
    // before and after
    expect(calls.filter((path) => path === 'introspection')).toHaveLength(8);
    const tokens = [first, second].flatMap(({ minted }) => [minted.refreshToken, minted.accessToken]);
    for (const token of tokens) expect(await stage.auditor.introspect(token)).toBe(false);
    const { result } = await rescindJson('ledger', 'show', '--case', id);
    expect(JSON.stringify(result).match(/"revocation":"with-grant"/g)).toHaveLength(3);
  });
});
