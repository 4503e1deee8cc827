import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tokenExchange } from './authority.ts';
import { type ExchangeWorld, startExchangeWorld } from './exchange-world.ts';

const { grantType, accessToken: accessTokenType } = tokenExchange;
const refused = { ok: false, error: 'invalid_request' };

let world: ExchangeWorld;
beforeAll(async () => {
  world = await startExchangeWorld();
});
beforeEach(() => world.bank.authority.behave('introspection', 'normal'));
afterAll(() => world?.close());

const mintAtBank = (accessTokenSeconds?: number, at = world) =>
  at.bank.authority.mint('acme', 'customer', accessTokenSeconds ? { accessTokenSeconds } : {});
const liveOfApp = async (at = world) => (await at.aggregator.liveArtefacts())['app'];
const exchangeOne = async (at = world) => {
  const minted = await mintAtBank(undefined, at);
  const answer = await at.app.exchange(minted.accessToken);
  return { ...minted, exchanged: answer.ok ? answer.accessToken : answer.error };
};

describe('a local authority exchanges access tokens of another one (RFC 8693)', () => {
  it('for one of its own, which the other does not know', async () => {
    const { accessToken, exchanged } = await exchangeOne();
    expect(await world.operator.introspect(exchanged)).toBe(true);
    expect(await world.inspector.introspect(exchanged)).toBe(false);
    expect(await world.operator.introspect(accessToken)).toBe(false);
    expect(await world.inspector.introspect(accessToken)).toBe(true);
  });

  it('with an answer as in section 2.2.1, for the same customer, without a refresh token', async () => {
    const { accessToken } = await mintAtBank();
    const form = { grant_type: grantType, subject_token: accessToken, subject_token_type: accessTokenType };
    const { status, body } = await world.post('app', 'token', form);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        access_token: expect.any(String),
        issued_token_type: accessTokenType,
        token_type: 'Bearer',
        expires_in: 3_600,
        scope: 'accounts',
      },
    });
    const seen = await world.post('operator', 'introspection', { token: String(body['access_token']) });
    expect(seen.body).toMatchObject({ active: true, sub: 'customer', client_id: 'app', scope: 'accounts' });
  });

  it('as one grant and one access token more', async () => {
    const before = (await liveOfApp()) ?? { grants: 0, refreshTokens: 0, accessTokens: 0 };
    await exchangeOne();
    expect(await liveOfApp()).toEqual({
      grants: before.grants + 1,
      refreshTokens: 0,
      accessTokens: before.accessTokens + 1,
      clientCredentials: 0,
    });
  });

  it('asking the other one each time', async () => {
    const { accessToken } = await mintAtBank();
    const from = (await world.bank.authority.requests()).length;
    await world.app.exchange(accessToken);
    await world.app.exchange(accessToken);
    const asked = { path: '/token/introspection', client: 'aggregator', status: 200 };
    expect((await world.bank.authority.requests()).slice(from)).toMatchObject([asked, asked]);
  });
});

// Section 2.1: "does not create a tight linkage between the input and output tokens"
describe('an exchanged token', () => {
  it('outlives the revocation of its subject token and of the whole consent', async () => {
    const { accessToken, refreshToken, exchanged } = await exchangeOne();
    for (const token of [accessToken, refreshToken]) {
      expect((await world.post('acme', 'revocation', { token })).status).toBe(200);
      expect(await world.inspector.introspect(token)).toBe(false);
    }
    expect(await world.operator.introspect(exchanged)).toBe(true);
    expect(await world.app.exchange(accessToken)).toEqual(refused);
  });

  it.each(['app', 'operator'] as const)('dies, and its grant with it, when %s revokes it', async (who) => {
    const before = await liveOfApp();
    const { exchanged } = await exchangeOne();
    expect(await liveOfApp()).not.toEqual(before);
    expect((await world.post(who, 'revocation', { token: exchanged })).status).toBe(200);
    expect(await world.operator.introspect(exchanged)).toBe(false);
    expect(await liveOfApp()).toEqual(before);
  });

  it('lives by the world’s clock for a time of its own', async () => {
    const own = await startExchangeWorld({ accessTokenSeconds: 7_200 });
    try {
      const { accessToken, exchanged } = await exchangeOne(own);
      await own.bank.clock.advance(3_660_000);
      expect(await own.inspector.introspect(accessToken)).toBe(false);
      expect(await own.operator.introspect(exchanged)).toBe(true);
      expect(await own.app.exchange(accessToken)).toEqual(refused);
      expect(await liveOfApp(own)).toMatchObject({ grants: 1, accessTokens: 1 });
      await own.bank.clock.advance(3_660_000);
      expect(await own.operator.introspect(exchanged)).toBe(false);
      expect(await own.aggregator.liveArtefacts()).toEqual({});
    } finally {
      await own.close();
    }
  });
});

describe('a local authority refuses to exchange', () => {
  it('a token that was invented, or looks like a JWT', async () => {
    const before = await liveOfApp();
    expect(await world.app.exchange('invented')).toEqual(refused);
    expect(await world.app.exchange('eyJhbGciOiJFUzI1NiJ9.e30.c2ln')).toEqual(refused);
    expect(await liveOfApp()).toEqual(before);
  });

  it('a token that has expired', async () => {
    const { accessToken } = await mintAtBank(60);
    const { clock } = world.bank;
    await clock.advance(61_000);
    expect(await world.app.exchange(accessToken)).toEqual(refused);
  });

  it('a refresh token, although it is active', async () => {
    const { refreshToken } = await mintAtBank();
    expect(await world.inspector.introspect(refreshToken)).toBe(true);
    expect(await world.app.exchange(refreshToken)).toEqual(refused);
  });

  it('a token of nobody, such as a client has for itself', async () => {
    const { body } = await world.post('rescind', 'token', { grant_type: 'client_credentials' });
    const token = String(body['access_token']);
    expect(await world.inspector.introspect(token)).toBe(true);
    expect(await world.app.exchange(token)).toEqual(refused);
  });

  it.each([
    ['without a subject token', { subject_token: '' }, 'invalid_request'],
    ['without its type', { subject_token_type: '' }, 'invalid_request'],
    ['of another type', { subject_token_type: `${accessTokenType}s` }, 'invalid_request'],
    ['for another type', { requested_token_type: 'urn:ietf:params:oauth:token-type:jwt' }, 'invalid_request'],
    ['for an actor', { actor_token: 'any', actor_token_type: accessTokenType }, 'invalid_request'],
    ['for a certain audience', { audience: 'anybody' }, 'invalid_target'],
    ['for a certain resource', { resource: 'https://any.example' }, 'invalid_target'],
    ['for more than the subject token may', { scope: 'accounts payments' }, 'invalid_scope'],
    ['for a refresh token in disguise', { scope: 'accounts offline_access' }, 'invalid_scope'],
  ])('%s', async (_what, changes, error) => {
    const { accessToken } = await mintAtBank();
    const good = { grant_type: grantType, subject_token: accessToken, subject_token_type: accessTokenType };
    expect(await world.post('app', 'token', { ...good, ...changes })).toMatchObject({
      status: 400,
      body: { error },
    });
    expect(
      await world.post('app', 'token', { ...good, scope: 'accounts', requested_token_type: accessTokenType }),
    ).toMatchObject({ status: 200 });
  });

  it('for a client that may not, and where no other server is known', async () => {
    const { accessToken } = await mintAtBank();
    expect(await world.operator.exchange(accessToken)).toEqual(refused);
    const acme = await world.bank.clientOf('acme');
    expect(await acme.exchange(accessToken)).toEqual({ ok: false, error: 'unsupported_grant_type' });
  });

  it.each([
    ['drop', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
    ['http-503', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
    ['broken-json', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
    ['active-as-text', 'OAUTH_RESPONSE_IS_NOT_CONFORM'],
    ['lie-active', 'invalid_request'],
    ['inactive-with-details', 'invalid_request'],
  ] as const)('where the other one answers by %s, which is %s', async (behaviour, error) => {
    const { accessToken } = await mintAtBank();
    const before = await liveOfApp();
    await world.bank.authority.behave('introspection', behaviour);
    // a server that cannot ask fails itself, by 500: nothing is said of the token
    expect(await world.app.exchange(accessToken)).toEqual({ ok: false, error });
    expect(await liveOfApp()).toEqual(before);
    await world.bank.authority.behave('introspection', 'normal');
    expect(await world.app.exchange(accessToken)).toMatchObject({ ok: true });
  });
});

describe('an inspector', () => {
  it('sees any token, and neither revokes one nor gets one', async () => {
    const { accessToken, refreshToken } = await mintAtBank();
    for (const token of [accessToken, refreshToken]) {
      expect(await world.inspector.introspect(token)).toBe(true);
      expect(await world.post('inspector', 'revocation', { token })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
      expect(await world.inspector.introspect(token)).toBe(true);
    }
    expect(await world.inspector.authenticate()).toEqual(refused);
    expect(await world.inspector.refresh(refreshToken)).toEqual(refused);
  });
});
