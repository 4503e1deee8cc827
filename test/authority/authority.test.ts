import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOAuthConnector } from '../../lib/connectors/oauth/oauth-connector.ts';
import { startAuthority } from './authority.ts';
import type { PartnerClient } from './partner-client.ts';
import { keySecret, registrationOf, targetOf } from '../contract/oauth-rig.ts';
import { startWorld, type World } from './rig.ts';

const dayMs = 24 * 60 * 60 * 1000;

let world: World;
let acme: PartnerClient;
let operator: PartnerClient;
beforeAll(async () => {
  world = await startWorld();
  [acme, operator] = await Promise.all([world.clientOf('acme'), world.clientOf('rescind')]);
});
beforeEach(async () => {
  for (const endpoint of ['token', 'revocation', 'introspection'] as const) {
    await world.authority.behave(endpoint, 'normal');
  }
});
afterAll(() => world?.close());

const rescind = () =>
  createOAuthConnector(registrationOf(world), {
    fetch: world.fetch,
    clientKey: async () => keySecret(world.keys.rescind),
    now: () => world.clock.now(),
  });
const liveOf = async (client: string) =>
  (await world.authority.liveArtefacts())[client] ?? { grants: 0, refreshTokens: 0, accessTokens: 0 };

describe('a local authority', () => {
  it('lets a partner refresh with a token that was minted, again and again, without rotation', async () => {
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    const first = await acme.refresh(refreshToken);
    expect(first).toMatchObject({ ok: true, refreshToken });
    expect(await acme.refresh(refreshToken)).toMatchObject({ ok: true, refreshToken });
    expect(await operator.introspect(first.ok ? first.accessToken : '')).toBe(true);
  });

  it('shows a token to its owner and the operator, and to nobody else', async () => {
    const { refreshToken, accessToken } = await world.authority.mint('acme', 'customer');
    const bolt = await world.clientOf('bolt');
    for (const token of [refreshToken, accessToken]) {
      expect(await acme.introspect(token)).toBe(true);
      expect(await operator.introspect(token)).toBe(true);
      expect(await bolt.introspect(token)).toBe(false);
    }
    expect(await bolt.refresh(refreshToken)).toEqual({ ok: false, error: 'invalid_grant' });
  });

  it('refuses who signs with another key', async () => {
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    const thief = await world.clientOf('acme', { keys: world.keys.bolt });
    expect(await thief.refresh(refreshToken)).toEqual({ ok: false, error: 'invalid_client' });
    expect(await thief.introspect(refreshToken)).toEqual({ error: 'invalid_client' });
  });

  it('names tokens by references that are not the tokens', async () => {
    const minted = await world.authority.mint('acme', 'customer');
    expect(new Set(Object.values(minted)).size).toBe(5);
    expect(minted.refreshTokenId).toMatch(/^rt-/);
    expect(minted.accessTokenId).toMatch(/^at-/);
  });

  it('mints further tokens under a grant, and revokes by grant (collateral)', async () => {
    const first = await world.authority.mint('acme', 'customer');
    const second = await world.authority.mint('acme', 'customer', { grant: first.grant });
    expect(second.grant).toBe(first.grant);
    // measured on oidc-provider 9.13: one access token revoked ends every token of its grant
    expect(await rescind().revoke(targetOf(first.accessToken, 'access_token'))).toEqual({ kind: 'accepted' });
    for (const token of [first.refreshToken, second.refreshToken, second.accessToken]) {
      expect(await operator.introspect(token)).toBe(false);
    }
    expect(await acme.refresh(second.refreshToken)).toEqual({ ok: false, error: 'invalid_grant' });
  });

  it('refuses to mint for a client that it does not know', async () => {
    await expect(world.authority.mint('nobody', 'customer')).rejects.toThrow('nobody');
  });
});

describe('a local authority counts what it would honour', () => {
  it('one grant and two tokens more for each mint, one access token for each refresh, none after revocation', async () => {
    const before = await liveOf('acme');
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    await acme.refresh(refreshToken);
    const during = await liveOf('acme');
    expect(during.grants - before.grants).toBe(1);
    expect(during.refreshTokens - before.refreshTokens).toBe(1);
    expect(during.accessTokens - before.accessTokens).toBe(2);
    await rescind().revoke(targetOf(refreshToken));
    expect(await liveOf('acme')).toEqual(before);
  });

  it('forgets nothing: more items than oidc-provider’s own store keeps', async () => {
    const before = await liveOf('bolt');
    const first = await world.authority.mint('bolt', 'first');
    await Promise.all(Array.from({ length: 1_100 }, (_, n) => world.authority.mint('bolt', `customer-${n}`)));
    expect((await liveOf('bolt')).refreshTokens - before.refreshTokens).toBe(1_101);
    expect(await operator.introspect(first.refreshToken)).toBe(true);
  });

  it('ages by the world’s clock', async () => {
    const own = await startWorld();
    try {
      const partner = await own.clientOf('acme');
      const short = await own.authority.mint('acme', 'customer', { refreshTokenSeconds: 86_400 });
      const long = await own.authority.mint('acme', 'customer');
      await own.clock.advance(2 * dayMs);
      expect(await partner.refresh(short.refreshToken)).toEqual({ ok: false, error: 'invalid_grant' });
      expect(await partner.refresh(long.refreshToken)).toMatchObject({ ok: true });
      expect((await own.authority.liveArtefacts())['acme']).toMatchObject({
        grants: 2,
        refreshTokens: 1,
        accessTokens: 1,
      });
      await own.clock.advance(200 * dayMs);
      expect(await own.authority.liveArtefacts()).toEqual({});
    } finally {
      await own.close();
    }
  });
});

describe('a local authority told to misbehave', () => {
  it('lies at one endpoint and works at the others', async () => {
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    await world.authority.behave('revocation', 'lie-200');
    expect(await rescind().revoke(targetOf(refreshToken))).toEqual({ kind: 'accepted' });
    expect(await acme.refresh(refreshToken)).toMatchObject({ ok: true });
    await world.authority.behave('revocation', 'normal');
    await rescind().revoke(targetOf(refreshToken));
    expect(await acme.refresh(refreshToken)).toEqual({ ok: false, error: 'invalid_grant' });
  });

  it('does the work when it only loses its answer', async () => {
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    await world.authority.behave('revocation', 'lose-answer');
    expect(await rescind().revoke(targetOf(refreshToken))).toEqual({
      kind: 'unconfirmed',
      because: 'connection',
    });
    expect(await operator.introspect(refreshToken)).toBe(false);
  });

  it.each([
    ['drop', 'connection'],
    ['hang', 'timeout'],
    ['redirect', 'redirect'],
    ['huge', 'too-large'],
    ['http-503', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
  ] as const)('tells a partner by %s what the partner calls %s', async (behaviour, error) => {
    await world.authority.behave('token', behaviour);
    await world.authority.behave('introspection', behaviour);
    const fetch = behaviour === 'hang' ? world.impatientFetch : world.fetch;
    const partner = await world.clientOf('acme', { fetch });
    expect(await partner.refresh('any')).toEqual({ ok: false, error });
    expect(await partner.introspect('any')).toEqual({ error });
  });
});

describe('a local authority keeps a log of calls', () => {
  it('with the time, the path, the client and the answer, before the answer is heard', async () => {
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    const from = (await world.authority.requests()).length;
    const startedAt = world.clock.now();
    await acme.refresh(refreshToken);
    await acme.refresh('wrong');
    await world.authority.behave('introspection', 'hang');
    await (await world.clientOf('rescind', { fetch: world.impatientFetch })).introspect(refreshToken);
    const records = (await world.authority.requests()).slice(from);
    expect(records).toEqual([
      { at: expect.any(Number), path: '/token', client: 'acme', status: 200 },
      { at: expect.any(Number), path: '/token', client: 'acme', status: 400 },
      { at: expect.any(Number), path: '/token/introspection' },
    ]);
    expect(records[0]?.at).toBeGreaterThanOrEqual(startedAt);
    expect(inspect(await world.authority.requests(), { maxArrayLength: null })).not.toContain(refreshToken);
  });
});

describe('a local authority', () => {
  it('keeps what oidc-provider prints to itself', () => {
    for (const notice of world.authority.notices()) expect(notice).not.toContain('server_error');
  });

  it('ends a whole family when a superseded refresh token comes back, where it rotates', async () => {
    const own = await startWorld({ rotateRefreshTokens: true });
    try {
      const partner = await own.clientOf('acme');
      const { refreshToken } = await own.authority.mint('acme', 'customer');
      const next = await partner.refresh(refreshToken);
      const newest = next.ok ? next.refreshToken : '';
      expect(newest).not.toBe(refreshToken);
      expect((await own.authority.liveArtefacts())['acme']).toMatchObject({ refreshTokens: 1 });
      expect(await partner.refresh(refreshToken)).toEqual({ ok: false, error: 'invalid_grant' });
      expect(await partner.refresh(newest)).toEqual({ ok: false, error: 'invalid_grant' });
      expect(await own.authority.liveArtefacts()).toEqual({});
    } finally {
      await own.close();
    }
  });

  it('answers no question after it was closed', async () => {
    const own = await startWorld();
    await own.close();
    await expect(own.authority.mint('acme', 'customer')).rejects.toThrow('closed');
    expect(await (await own.clientOf('acme')).refresh('any')).toEqual({ ok: false, error: 'connection' });
  });

  it('says why it does not start', async () => {
    const { clock } = world;
    const certificates = { ca: '', key: 'no key', cert: 'no certificate' };
    await expect(startAuthority({ clock, certificates, clients: [] })).rejects.toThrow('PEM');
  });
});
