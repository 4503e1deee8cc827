import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fetch } from '../../../lib/connectors/egress.ts';
import { tryKey } from '../../../lib/connectors/registration/try-key.ts';
import { Secret } from '../../../lib/domain/secret.ts';
import { keySecret } from '../../contract/oauth-rig.ts';
import { newKeyPair, startWorld, type World } from '../../authority/rig.ts';
import { counting, type Partner, registerPartner } from './partner.ts';

let world: World;
let partner: Partner;
beforeAll(async () => {
  world = await startWorld();
  partner = await registerPartner(world);
});
beforeEach(async () => {
  for (const endpoint of ['token', 'revocation'] as const) await world.authority.behave(endpoint, 'normal');
});
afterAll(() => world?.close());

const liveTokens = async () =>
  (await world.authority.liveArtefacts())[partner.clientId]?.clientCredentials ?? 0;

describe('tryKey', () => {
  it('proves a key by a token, and leaves no token behind', async () => {
    expect(await partner.tryKey(partner.first)).toEqual({ kind: 'accepted', minted: 'revoked' });
    expect(await liveTokens()).toBe(0);
  });

  it('asks for a scope where it is given one, and for none otherwise', async () => {
    const scopes: (string | null)[] = [];
    const watching: Fetch = (target, init) => {
      scopes.push(new URLSearchParams(init?.body?.toString()).get('scope'));
      return world.fetch(target, init);
    };
    const options = { fetch: watching, revocationEndpoint: undefined };
    await partner.tryKey(partner.second, { ...options, scope: 'accounts' });
    await partner.tryKey(partner.second, options);
    expect(scopes).toEqual(['accounts', null]);
  });

  it('says so when the token stays', async () => {
    const own = await registerPartner(world);
    const live = async () => (await world.authority.liveArtefacts())[own.clientId]?.clientCredentials ?? 0;
    const left = { kind: 'accepted', minted: 'left' };
    expect(await own.tryKey(own.first, { revocationEndpoint: undefined })).toEqual(left);
    expect(await live()).toBe(1);
    await world.authority.behave('revocation', 'http-503');
    expect(await own.tryKey(own.first)).toEqual(left);
    expect(await live()).toBe(2);
  });

  it('is refused with another key, once: one failed call is enough for a server that counts them', async () => {
    const { fetch, methods } = counting(world.fetch);
    expect(await partner.tryKey(await newKeyPair(), { fetch })).toEqual({ kind: 'refused' });
    expect(methods).toEqual(['POST']);
  });

  it('is refused with another key under the name of the one that is registered', async () => {
    const { privateJwk, publicJwk } = await newKeyPair();
    const named = { kid: partner.first.publicJwk.kid ?? '' };
    const forged = { privateJwk: { ...privateJwk, ...named }, publicJwk: { ...publicJwk, ...named } };
    expect(await partner.tryKey(forged)).toEqual({ kind: 'refused' });
  });

  it('is refused for a client that is not there: not the key’s fault, which is why a refusal needs another key as control', async () => {
    expect(await partner.tryKey(partner.first, { clientId: 'nobody' })).toEqual({ kind: 'refused' });
    await world.authority.behave('token', 'http-401');
    expect(await partner.tryKey(partner.first)).toEqual({ kind: 'refused' });
  });

  it('learns nothing of a client without the client credentials grant', async () => {
    expect(await partner.tryKey(world.keys.acme, { clientId: 'acme' })).toEqual({
      kind: 'unknown',
      because: 'invalid-request',
    });
  });

  it.each([
    ['http-503', 'http-503'],
    ['http-403', 'http-403'],
    ['http-429', 'http-429'],
    ['http-400', 'http-400'],
    ['invalid-request', 'invalid-request'],
    ['drop', 'connection'],
    ['lose-answer', 'connection'],
    ['redirect', 'redirect'],
    ['huge', 'too-large'],
    ['lie-200', 'no-token'],
    ['lie-active', 'no-token'],
    ['not-json', 'no-token'],
    ['broken-json', 'no-token'],
  ] as const)('learns nothing from %s: %s', async (behaviour, because) => {
    await world.authority.behave('token', behaviour);
    for (const key of [partner.first, partner.second]) {
      expect(await partner.tryKey(key)).toEqual({ kind: 'unknown', because });
    }
  });

  it('learns nothing from silence', async () => {
    await world.authority.behave('token', 'hang');
    expect(await partner.tryKey(partner.first, { fetch: world.impatientFetch })).toEqual({
      kind: 'unknown',
      because: 'timeout',
    });
  });

  it.each([
    ['no key', 'not json', 'client-key'],
    ['a public key', '{"kty":"EC","kid":"k","alg":"ES256"}', 'client-key'],
    ['a shared secret', '{"kty":"oct","kid":"k","alg":"HS256","k":"AAAA","d":"x"}', 'client-key'],
  ])('sends nothing for %s', async (_what, key, because) => {
    const { fetch, methods } = counting(world.fetch);
    expect(await partner.tryKey(partner.first, { key: new Secret(key), fetch })).toEqual({
      kind: 'unknown',
      because,
    });
    expect(methods).toEqual([]);
  });

  it('sends nothing to an endpoint that is not https', async () => {
    const { fetch, methods } = counting(world.fetch);
    expect(
      await partner.tryKey(partner.first, { tokenEndpoint: 'http://bank.example/token', fetch }),
    ).toEqual({ kind: 'unknown', because: 'registration' });
    expect(methods).toEqual([]);
  });

  it('takes only the server’s own word for a refusal: a bare 401 may be a gateway’s', async () => {
    const bare: Fetch = async () => new Response('unauthorized', { status: 401 });
    expect(await partner.tryKey(partner.first, { fetch: bare })).toEqual({
      kind: 'unknown',
      because: 'http-401',
    });
  });

  it('asserts itself to the issuer alone, by the world’s clock, anew in each call', async () => {
    const keys = await newKeyPair();
    const tomorrow = Date.now() + 24 * 60 * 60 * 1000;
    const forms: URLSearchParams[] = [];
    const verdict = await tryKey({
      issuer: 'https://bank.example',
      tokenEndpoint: 'https://bank.example/token',
      revocationEndpoint: 'https://bank.example/revoke',
      clientId: 'acme',
      key: keySecret(keys),
      now: () => tomorrow,
      async fetch(_target, init) {
        forms.push(new URLSearchParams(init?.body?.toString()));
        return Response.json({ access_token: 'minted', token_type: 'Bearer' });
      },
    });
    expect(verdict).toEqual({ kind: 'accepted', minted: 'revoked' });
    expect(forms.map((form) => form.get('grant_type') ?? form.get('token'))).toEqual([
      'client_credentials',
      'minted',
    ]);
    const ids = new Set<unknown>();
    for (const form of forms) {
      const { payload } = await jwtVerify(
        form.get('client_assertion') ?? '',
        createLocalJWKSet({ keys: [keys.publicJwk] }),
        { issuer: 'acme', subject: 'acme', currentDate: new Date(tomorrow), maxTokenAge: 5 },
      );
      expect(payload.aud).toBe('https://bank.example');
      ids.add(payload.jti);
    }
    expect(ids.size).toBe(2);
  });
});
