import { describe, expect, it } from 'vitest';
import { createEgress, type Fetch } from '../../../lib/connectors/egress.ts';
import {
  type ClientRegistration,
  createClientRegistration,
} from '../../../lib/connectors/registration/client-registration.ts';
import { Secret } from '../../../lib/domain/secret.ts';
import { newKeyPair } from '../../authority/rig.ts';
import { publicOf } from './partner.ts';

const clientUri = 'https://bank.example/reg/acme';
const at: ClientRegistration = { clientUri, accessToken: new Secret('token-1') };
const [first, second] = [await newKeyPair(), await newKeyPair()];

/** As RFC 7592 section 3 has it, with everything that an update must not contain. */
const information = {
  client_id: 'acme',
  client_id_issued_at: 1_700_000_000,
  client_secret: 'client-secret',
  client_secret_expires_at: 0,
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: publicOf(first) },
  redirect_uris: ['https://acme.example/callback'],
  'x-bank-tier': { level: 2 },
  registration_access_token: 'token-1',
  registration_client_uri: clientUri,
};

interface Call {
  readonly target: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown> | undefined;
}

type Said = Response | object;

/** A server that says these things in turn. */
function serverSaying(...answers: readonly Said[]) {
  const calls: Call[] = [];
  const kept: string[] = [];
  const log: string[] = [];
  const fetch: Fetch = async (target, { method = 'GET', headers = {}, body } = {}) => {
    const sent = body === undefined ? undefined : (JSON.parse(body.toString()) as Record<string, unknown>);
    calls.push({ target, method, headers, body: sent });
    log.push(method);
    const said = answers[calls.length - 1] ?? new Response(null, { status: 500 });
    return said instanceof Response ? said : Response.json(said);
  };
  const verbs = createClientRegistration({
    fetch,
    async keep({ accessToken }) {
      kept.push(accessToken.reveal());
      log.push('keep');
    },
  });
  return { verbs, calls, kept, log };
}

describe('replaceKeys on the wire', () => {
  it('sends back everything as read but the keys and what RFC 7592 section 2.2 forbids', async () => {
    const { verbs, calls } = serverSaying(information, information);
    await verbs.replaceKeys(at, publicOf(first, second));
    expect(calls.map(({ method, target }) => [method, target])).toEqual([
      ['GET', clientUri],
      ['PUT', clientUri],
    ]);
    expect(calls[1]?.body).toEqual({
      client_id: 'acme',
      client_secret: 'client-secret',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: publicOf(first, second) },
      redirect_uris: ['https://acme.example/callback'],
      'x-bank-tier': { level: 2 },
    });
    expect(calls[1]?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'content-type': 'application/json',
    });
  });

  it('keeps a token that reading brought before it updates with it, and the one that updating brought', async () => {
    const { verbs, calls, kept, log } = serverSaying(
      { ...information, registration_access_token: 'token-2' },
      { ...information, registration_access_token: 'token-3' },
    );
    const { registration } = await verbs.replaceKeys(at, publicOf(second));
    expect(log).toEqual(['GET', 'keep', 'PUT', 'keep']);
    expect(kept).toEqual(['token-2', 'token-3']);
    expect(calls[1]?.headers['authorization']).toBe('Bearer token-2');
    expect(registration.accessToken.reveal()).toBe('token-3');
  });

  it('keeps the token of an answer that is wrong in all else', async () => {
    const { verbs, kept } = serverSaying(information, { registration_access_token: 'token-2' });
    await expect(verbs.replaceKeys(at, publicOf(second))).rejects.toMatchObject({ code: 'not-registration' });
    expect(kept).toEqual(['token-2']);
  });

  it('sends nothing more when the token could not be kept', async () => {
    const calls: string[] = [];
    const verbs = createClientRegistration({
      async fetch(_target, init) {
        calls.push(init?.method ?? '');
        return Response.json({ ...information, registration_access_token: 'token-2' });
      },
      keep: () => Promise.reject(new Error('the store is closed')),
    });
    await expect(verbs.replaceKeys(at, publicOf(second))).rejects.toThrow('the store is closed');
    expect(calls).toEqual(['GET']);
  });

  it('stays with the registered URI, wherever an answer points: the token goes nowhere else', async () => {
    const elsewhere = { ...information, registration_client_uri: 'https://thief.example/reg/acme' };
    const { verbs, calls } = serverSaying(elsewhere, elsewhere);
    const { registration } = await verbs.replaceKeys(at, publicOf(second));
    expect(registration.clientUri).toBe(clientUri);
    expect(new Set(calls.map(({ target }) => target))).toEqual(new Set([clientUri]));
  });

  it('gives the keys as the server has them, not as they were asked for', async () => {
    const { verbs } = serverSaying(information, information);
    expect((await verbs.replaceKeys(at, publicOf(second))).keys).toEqual(publicOf(first));
  });

  it('refuses an answer about another client', async () => {
    const { verbs } = serverSaying(information, { ...information, client_id: 'bolt' });
    await expect(verbs.replaceKeys(at, publicOf(second))).rejects.toMatchObject({ code: 'not-registration' });
  });

  it('updates where only a name differs: the same key under another kid is another key', async () => {
    const { verbs, calls } = serverSaying(information, information);
    await verbs.replaceKeys(at, [{ ...publicOf(first)[0], kty: 'EC', kid: 'renamed' }]);
    expect(calls.map(({ method }) => method)).toEqual(['GET', 'PUT']);
  });

  it.each([
    ['a secret', { token_endpoint_auth_method: 'client_secret_basic' }, 'not-by-key'],
    [
      'nothing it says (RFC 7591: client_secret_basic)',
      { token_endpoint_auth_method: undefined },
      'not-by-key',
    ],
    ['keys at a URI', { jwks_uri: 'https://acme.example/jwks' }, 'keys-by-uri'],
  ])('changes nothing for a client that authenticates by %s', async (_by, changes, code) => {
    const { verbs, calls } = serverSaying({ ...information, ...changes });
    await expect(verbs.replaceKeys(at, publicOf(second))).rejects.toMatchObject({
      code,
      disposition: 'reject',
    });
    expect(calls.map(({ method }) => method)).toEqual(['GET']);
  });

  it.each([
    ['no key at all', [], 'no-keys'],
    ['a private key', [first.privateJwk], 'private-key'],
    ['a private key among public ones', [first.publicJwk, second.privateJwk], 'private-key'],
    ['a symmetric key', [{ kty: 'oct', k: 'AAAA', kid: 'k' }], 'private-key'],
    [
      'two keys of one name',
      [first.publicJwk, { ...second.publicJwk, kid: first.publicJwk.kid ?? '' }],
      'same-kid',
    ],
    ['a crowd', Array.from({ length: 9 }, (_, n) => ({ ...first.publicJwk, kid: `k${n}` })), 'too-many-keys'],
  ])('sends nothing at all for %s', async (_what, keys, because) => {
    const { verbs, calls } = serverSaying(information, information);
    await expect(verbs.replaceKeys(at, keys)).rejects.toMatchObject({ code: 'keys', because });
    expect(calls).toEqual([]);
  });
});

describe('what a refusal means', () => {
  const json = (status: number, body: object) => Response.json(body, { status });
  it.each([
    [json(401, { error: 'invalid_token' }), 'registration-token-refused', 'http-401', 'reject'],
    [json(403, { error: 'access_denied' }), 'management-forbidden', 'http-403', 'reject'],
    [new Response(null, { status: 404 }), 'management-unsupported', 'http-404', 'reject'],
    [new Response(null, { status: 405 }), 'management-unsupported', 'http-405', 'reject'],
    [
      json(400, { error: 'invalid_client_metadata' }),
      'metadata-refused',
      'invalid-client-metadata',
      'reject',
    ],
    [json(400, { error: 'something of theirs' }), 'metadata-refused', 'http-400', 'reject'],
    [new Response('no', { status: 429 }), 'unavailable', 'http-429', 'retry'],
    [new Response('no', { status: 503 }), 'unavailable', 'http-503', 'retry'],
    [new Response(null, { status: 204 }), 'unavailable', 'http-204', 'retry'],
    [new Response('<html>{}', { status: 200 }), 'not-registration', 'not-registration', 'retry'],
  ] as const)('%#: %o', async (answer, code, because, disposition) => {
    const { verbs } = serverSaying(answer);
    await expect(verbs.read(at)).rejects.toMatchObject({ code, because, disposition });
  });

  it.each([
    ['http://bank.example/reg/acme', 'not-https'],
    ['no url', 'url'],
    ['https://user:word@bank.example/reg', 'user-info'],
    ['https://bank.example:8443/reg', 'port'],
  ])('waits for a person when the URI is %s', async (uri, because) => {
    const { fetch } = createEgress({ rules: [] });
    const verbs = createClientRegistration({ fetch, keep: async () => undefined });
    await expect(verbs.read({ ...at, clientUri: uri })).rejects.toMatchObject({
      code: 'unsendable',
      because,
      disposition: 'reject',
    });
  });

  it.each([['two\r\nlines'], [''], ['sp ace']])('sends no token that is none: %j', async (token) => {
    const { verbs, calls } = serverSaying(information);
    await expect(verbs.read({ clientUri, accessToken: new Secret(token) })).rejects.toMatchObject({
      code: 'unsendable',
      because: 'registration-token',
    });
    expect(calls).toEqual([]);
  });
});

describe('read', () => {
  it('gives the metadata without anything that authenticates', async () => {
    const { verbs } = serverSaying(information);
    const { metadata, registration } = await verbs.read(at);
    expect(metadata).toEqual({
      client_id: 'acme',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: publicOf(first) },
      redirect_uris: ['https://acme.example/callback'],
      'x-bank-tier': { level: 2 },
    });
    expect(registration).toBe(at);
  });
});
