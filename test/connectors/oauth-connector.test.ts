import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOAuthConnector } from '../../lib/connectors/oauth/oauth-connector.ts';
import { Secret } from '../../lib/domain/secret.ts';
import { behave, keySecret, registrationOf, targetOf } from '../contract/oauth-rig.ts';
import { type KeyPair, newKeyPair, startWorld, type World } from '../authority/rig.ts';

describe('createOAuthConnector', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  beforeEach(() => behave(world, 'normal'));
  afterAll(() => world?.close());

  const connectorAs = (keys: KeyPair, changes: Parameters<typeof registrationOf>[1] = {}) =>
    createOAuthConnector(registrationOf(world, changes), {
      fetch: world.fetch,
      clientKey: async () => keySecret(keys),
      now: () => world.clock.now(),
    });
  const operator = () => connectorAs(world.keys.rescind);
  const hasty = (yes: boolean) =>
    createOAuthConnector(registrationOf(world), {
      fetch: yes ? world.impatientFetch : world.fetch,
      clientKey: async () => keySecret(world.keys.rescind),
      now: () => world.clock.now(),
    });

  it('reads the key once more when the authority refuses the one it had, and goes on with it', async () => {
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    const retired = keySecret(await newKeyPair());
    const reads: boolean[] = [];
    const connector = createOAuthConnector(registrationOf(world), {
      fetch: world.fetch,
      async clientKey({ fresh = false } = {}) {
        reads.push(fresh);
        return fresh ? keySecret(world.keys.rescind) : retired;
      },
      now: () => world.clock.now(),
    });
    expect(await connector.revoke(targetOf(refreshToken))).toEqual({ kind: 'accepted' });
    expect(await connector.probe(targetOf(refreshToken))).toMatchObject([{ answer: 'inactive' }]);
    expect(reads).toEqual([false, true, false, true]);
  });

  // Ory Hydra 2.3 says invalid_request of a kid that it does not know: each call waited for a person until the memory ran out
  it('reads the key once more, too, when the authority only finds something wrong with the request', async () => {
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    const retired = await newKeyPair();
    const connector = createOAuthConnector(registrationOf(world), {
      async fetch(target, init) {
        const assertion = new URLSearchParams(init?.body?.toString()).get('client_assertion') ?? '';
        return decodeProtectedHeader(assertion).kid === retired.publicJwk.kid
          ? Response.json({ error: 'invalid_request' }, { status: 400 })
          : world.fetch(target, init);
      },
      clientKey: async ({ fresh = false } = {}) => keySecret(fresh ? world.keys.rescind : retired),
      now: () => world.clock.now(),
    });
    expect(await connector.revoke(targetOf(refreshToken))).toEqual({ kind: 'accepted' });
  });

  it('refuses after one more read and one more call, not after many', async () => {
    await world.authority.behave('revocation', 'http-401');
    const before = (await world.authority.requests()).length;
    const reads: boolean[] = [];
    const connector = createOAuthConnector(registrationOf(world), {
      fetch: world.fetch,
      async clientKey({ fresh = false } = {}) {
        reads.push(fresh);
        return keySecret(await newKeyPair());
      },
      now: () => world.clock.now(),
    });
    expect(await connector.revoke(targetOf('any'))).toEqual({ kind: 'refused', because: 'invalid-client' });
    expect((await world.authority.requests()).length - before).toBe(2);
    expect(reads).toEqual([false, true]);
  });

  it('does not offer the key again that was just refused', async () => {
    await world.authority.behave('revocation', 'http-401');
    const before = (await world.authority.requests()).length;
    expect(await operator().revoke(targetOf('any'))).toEqual({ kind: 'refused', because: 'invalid-client' });
    expect((await world.authority.requests()).length - before).toBe(1);
  });

  it.each([
    ['unsupported-token-type', { kind: 'unsupported' }],
    ['invalid-request', { kind: 'refused', because: 'invalid-request' }],
    ['http-400', { kind: 'unconfirmed', because: 'http-400' }],
    ['http-403', { kind: 'unconfirmed', because: 'http-403' }],
    ['http-429', { kind: 'unconfirmed', because: 'http-429' }],
    ['http-503', { kind: 'unconfirmed', because: 'http-503' }],
    ['redirect', { kind: 'unconfirmed', because: 'redirect' }],
    ['huge', { kind: 'unconfirmed', because: 'too-large' }],
    ['drop', { kind: 'unconfirmed', because: 'connection' }],
    ['hang', { kind: 'unconfirmed', because: 'timeout' }],
  ] as const)('makes of %s at revocation: %o', async (behaviour, outcome) => {
    await world.authority.behave('revocation', behaviour);
    expect(await hasty(behaviour === 'hang').revoke(targetOf('any'))).toEqual(outcome);
  });

  it.each([
    ['not-json', 'not-json'],
    ['broken-json', 'not-json'],
    ['lie-200', 'not-json'],
    ['no-active', 'no-active'],
    ['active-as-text', 'no-active'],
    ['invalid-request', 'http-400'],
    ['http-401', 'invalid-client'],
    ['http-500', 'http-500'],
    ['hang', 'timeout'],
  ] as const)('makes of %s at introspection: unknown, %s', async (behaviour, because) => {
    await world.authority.behave('introspection', behaviour);
    expect(await hasty(behaviour === 'hang').probe(targetOf('any'))).toMatchObject([
      { answer: 'unknown', because },
    ]);
  });

  it('is refused as a party by a server that knows the token for somebody else’s', async () => {
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    const bolt = connectorAs(world.keys.bolt, {
      role: 'party',
      auth: { method: 'private_key_jwt', clientId: 'bolt', secretName: 'bolt' },
    });
    expect(await bolt.revoke(targetOf(refreshToken))).toEqual({
      kind: 'refused',
      because: 'invalid-request',
    });
    // RFC 7662 section 2.2: "inactive" also means "not for you", which is why a party's answer says that it is one
    expect(await bolt.probe(targetOf(refreshToken))).toMatchObject([
      { answer: 'inactive', vantage: 'introspection-as-party' },
    ]);
    expect(await bolt.seeCanary()).toBeUndefined();
    expect(await operator().probe(targetOf(refreshToken))).toMatchObject([{ answer: 'active' }]);
  });

  it('works when the world’s clock is far ahead of the machine’s', async () => {
    await world.clock.advance(400 * 24 * 60 * 60 * 1000);
    const { refreshToken } = await world.authority.mint('acme', 'customer');
    expect(await operator().probe(targetOf(refreshToken))).toMatchObject([{ answer: 'active' }]);
    expect(await operator().seeCanary()).toBeGreaterThan(Date.now() + 399 * 24 * 60 * 60 * 1000);
  });

  it('takes only tokens for what revocation can name', async () => {
    const connector = operator();
    for (const kind of ['grant', 'api_key', 'client_secret', 'signing_key', 'webhook'] as const) {
      expect(await connector.revoke(targetOf('any', kind))).toEqual({
        kind: 'refused',
        because: 'no-handle',
      });
      expect(await connector.probe(targetOf('any', kind))).toMatchObject([{ because: 'no-handle' }]);
    }
  });

  it('does not send a secret to an endpoint that is not https', async () => {
    const connector = connectorAs(world.keys.rescind, { revocationEndpoint: 'http://bank.example/revoke' });
    expect(await connector.revoke(targetOf('any'))).toEqual({ kind: 'refused', because: 'registration' });
  });

  it.each([
    ['not json'],
    ['{"kty":"EC","kid":"k","alg":"ES256"}'],
    ['{"kty":"oct","kid":"k","alg":"HS256","k":"AAAA","d":"x"}'],
  ])('has a client key that is none wait for a person: %s', async (key) => {
    const connector = createOAuthConnector(registrationOf(world), {
      fetch: world.fetch,
      clientKey: async () => new Secret(key),
      now: () => world.clock.now(),
    });
    expect(await connector.revoke(targetOf('any'))).toEqual({ kind: 'refused', because: 'client-key' });
    expect(await connector.probe(targetOf('any'))).toMatchObject([
      { answer: 'unknown', because: 'client-key' },
    ]);
  });
});
