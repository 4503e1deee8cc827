import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../lib/connectors/egress.ts';
import { createOAuthConnector } from '../../lib/connectors/oauth/oauth-connector.ts';
import type { AssertionAudience, Authority, AuthorityAuth } from '../../lib/domain/inventory/authority.ts';
import { authorityId } from '../../lib/domain/ids.ts';
import { Secret } from '../../lib/domain/secret.ts';
import { newKeyPair } from '../authority/rig.ts';
import { keySecret, targetOf } from '../contract/oauth-rig.ts';

const own = { clientId: 'rescind', secretName: 'rescind/bank' };
const bankOf = (auth: AuthorityAuth): Authority => ({
  id: authorityId('bank'),
  revision: 1,
  kind: 'oauth',
  role: 'operator',
  issuer: 'https://bank.example',
  tokenEndpoint: 'https://bank.example/token',
  revocationEndpoint: 'https://bank.example/revoke',
  introspectionEndpoint: 'https://bank.example/introspect',
  auth,
});

interface Sent {
  readonly target: string;
  readonly form: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

/** A connector, and what it sends to a server that calls everything inactive. */
function connect(auth: AuthorityAuth, value: Secret, now = Date.now()) {
  const sent: Sent[] = [];
  const fetch: Fetch = async (target, init) => {
    const form = new URLSearchParams(init?.body?.toString());
    sent.push({ target, form, headers: init?.headers ?? {} });
    return Response.json({ active: false });
  };
  const connector = createOAuthConnector(bankOf(auth), {
    fetch,
    clientKey: async () => value,
    now: () => now,
  });
  return { connector, sent };
}

async function send(now: number, audience?: AssertionAudience) {
  const keys = await newKeyPair();
  const auth = { method: 'private_key_jwt', ...own, audience } as const;
  return { ...connect(auth, keySecret(keys), now), keySet: createLocalJWKSet({ keys: [keys.publicJwk] }) };
}

describe('what the OAuth connector says on the wire', () => {
  it('names the kind of token to revoke (RFC 7009 section 2.1)', async () => {
    const { connector, sent } = await send(Date.now());
    await connector.revoke(targetOf('token-1'));
    await connector.revoke(targetOf('token-2', 'access_token'));
    expect(sent.map(({ target }) => target)).toEqual([
      'https://bank.example/revoke',
      'https://bank.example/revoke',
    ]);
    expect(sent.map(({ form }) => [form.get('token'), form.get('token_type_hint')])).toEqual([
      ['token-1', 'refresh_token'],
      ['token-2', 'access_token'],
    ]);
  });

  it.each<[AssertionAudience | undefined, string]>([
    [undefined, 'https://bank.example'],
    ['issuer', 'https://bank.example'],
    ['token-endpoint', 'https://bank.example/token'],
  ])('asserts itself (audience: %s) to %s and nobody else, once, for a minute', async (audience, named) => {
    const tomorrow = Date.now() + 24 * 60 * 60 * 1000;
    const { connector, sent, keySet } = await send(tomorrow, audience);
    await connector.revoke(targetOf('token'));
    await connector.probe(targetOf('token'));
    const ids = new Set<unknown>();
    for (const { form } of sent) {
      const { payload } = await jwtVerify(form.get('client_assertion') ?? '', keySet, {
        issuer: 'rescind',
        subject: 'rescind',
        currentDate: new Date(tomorrow),
        maxTokenAge: 5,
      });
      expect(payload.aud).toBe(named);
      expect((payload.exp ?? Infinity) - (payload.iat ?? 0)).toBeLessThanOrEqual(60);
      ids.add(payload.jti);
    }
    expect(ids.size).toBe(2);
  });

  it('puts nothing of itself into the URL', async () => {
    const { connector, sent } = await send(Date.now());
    await connector.probe(targetOf('token'));
    expect(sent.map(({ target }) => target)).toEqual(['https://bank.example/introspect']);
  });
});

describe('a client secret on the wire', () => {
  const odd = { clientId: 'our client:1', secretName: 'rescind/bank' };

  it('goes form-encoded into the header and nowhere else (RFC 6749 section 2.3.1)', async () => {
    const { connector, sent } = connect({ method: 'client_secret_basic', ...odd }, new Secret('a+b c%20:~'));
    await connector.revoke(targetOf('token'));
    const [call] = sent;
    const [scheme, credentials = ''] = call?.headers['authorization']?.split(' ') ?? [];
    expect(scheme).toBe('Basic');
    expect(Buffer.from(credentials, 'base64').toString()).toBe('our+client%3A1:a%2Bb+c%2520%3A%7E');
    expect([...(call?.form.keys() ?? [])].sort()).toEqual(['token', 'token_type_hint']);
  });

  it('goes into the body and nowhere else', async () => {
    const { connector, sent } = connect(
      { method: 'client_secret_post', ...odd },
      new Secret('{"client_secret": "a+b c%20:~"}'),
    );
    await connector.revoke(targetOf('token'));
    const [call] = sent;
    expect(call?.form.get('client_id')).toBe('our client:1');
    expect(call?.form.get('client_secret')).toBe('a+b c%20:~');
    expect(call?.target).toBe('https://bank.example/revoke');
    expect(call?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['the bare value', 's3cret', 's3cret'],
    ['a bare value that reads as a number', '12345678', '12345678'],
    ['what Secrets Manager’s console makes', '{"client_secret":"s3cret","client_id":"x"}', 's3cret'],
    ['JSON over several lines', '{\n  "client_secret": "s3cret"\n}\n', 's3cret'],
  ])('is %s', async (_, value, secret) => {
    const { connector, sent } = connect({ method: 'client_secret_post', ...own }, new Secret(value));
    await connector.probe(targetOf('token'));
    expect(sent.map(({ form }) => form.get('client_secret'))).toEqual([secret]);
  });

  it.each([
    ['nothing', ''],
    ['a line break that came along', 's3cret\n'],
    ['JSON without it', '{"secret":"s3cret"}'],
    ['JSON with a number', '{"client_secret":12345678}'],
    ['JSON with an empty one', '{"client_secret":""}'],
    ['JSON that is broken', '{"client_secret":"s3cret"'],
    ['a key', '{"kty":"EC","kid":"k","alg":"ES256","d":"s3cret"}'],
    ['what no secret may hold (RFC 6749 appendix A.2)', 's3cr\u00e9t'],
    ['half a character', 's3cret\ud800'],
  ])('that is %s waits for a person, is not sent and not quoted', async (_, value) => {
    for (const method of ['client_secret_basic', 'client_secret_post'] as const) {
      const { connector, sent } = connect({ method, ...own }, new Secret(value));
      const outcome = await connector.revoke(targetOf('token'));
      expect(outcome).toEqual({ kind: 'refused', because: 'client-key' });
      expect(await connector.probe(targetOf('token'))).toMatchObject([
        { answer: 'unknown', because: 'client-key' },
      ]);
      expect(await connector.seeCanary()).toBeUndefined();
      expect(sent).toEqual([]);
    }
  });

  it('is not taken for a key, nor a key for a secret', async () => {
    const { connector, sent } = connect({ method: 'private_key_jwt', ...own }, new Secret('s3cret'));
    expect(await connector.revoke(targetOf('token'))).toEqual({ kind: 'refused', because: 'client-key' });
    expect(sent).toEqual([]);
  });
});
