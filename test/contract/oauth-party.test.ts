import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Target } from '../../lib/connectors/connector.ts';
import { createOAuthConnector } from '../../lib/connectors/oauth/oauth-connector.ts';
import type { AuthorityRole } from '../../lib/domain/inventory/authority.ts';
import { kill } from './kill.ts';
import { registrationOf, targetOf } from './oauth-rig.ts';
import { type OAuthServer, startOAuthServer } from './oauth-server.ts';

describe('Rescind with the credentials of one client', () => {
  let server: OAuthServer;
  beforeAll(async () => {
    server = await startOAuthServer({ method: 'client_secret_basic' });
  });
  afterAll(() => server?.close());

  const connectorOf = (name: 'acme' | 'bolt' | 'rescind', role: AuthorityRole) =>
    createOAuthConnector(registrationOf(server, { role, auth: server.authOf(name) }), {
      fetch: server.fetch,
      clientKey: async () => server.own[name].value,
      now: () => server.clock.now(),
    });
  const killAs = async (name: 'acme' | 'bolt', role: AuthorityRole, target: Target) =>
    (await kill(target, connectorOf(name, role), () => server.clock.now())).judgement;
  const mint = async (): Promise<Target> =>
    targetOf((await server.authority.mint('acme', 'customer')).refreshToken);
  const answerTo = async (target: Target) =>
    (await connectorOf('rescind', 'operator').probe(target)).map(({ answer }) => answer);

  it('kills a token of that client, and proves it by having seen it active', async () => {
    const target = await mint();
    expect(await killAs('acme', 'party', target)).toMatchObject({
      verdict: 'dead',
      outcome: 'accepted',
      proof: { control: 'seen-active-before', vantages: ['introspection-as-party'] },
    });
    expect(await answerTo(target)).toEqual(['inactive']);
  });

  it('is refused for a token of another one, which waits for a person and is never called dead', async () => {
    const target = await mint();
    expect(await killAs('bolt', 'party', target)).toEqual({ outcome: 'refused', verdict: 'unknown' });
    expect(await answerTo(target)).toEqual(['active']);
  });

  // what the role is for: the same client, registered as an operator, has a canary that vouches for too much
  it('would call that token dead if it were registered as an operator', async () => {
    const target = await mint();
    expect(await killAs('bolt', 'operator', target)).toMatchObject({ outcome: 'refused', verdict: 'dead' });
    expect(await answerTo(target)).toEqual(['active']);
  });

  it('proves nothing of a token that died before it looked', async () => {
    const target = await mint();
    await connectorOf('rescind', 'operator').revoke(target);
    expect(await killAs('acme', 'party', target)).toEqual({ outcome: 'unconfirmed', verdict: 'unknown' });
  });

  it('mints no canary', async () => {
    const before = (await server.authority.requests()).length;
    expect(await connectorOf('acme', 'party').seeCanary()).toBeUndefined();
    expect((await server.authority.requests()).length).toBe(before);
    // though it could
    expect(await connectorOf('acme', 'operator').seeCanary()).toBeTypeOf('number');
  });
});
