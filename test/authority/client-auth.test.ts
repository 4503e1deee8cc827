import { inspect, isDeepStrictEqual } from 'node:util';
import { importJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyAuth } from './key-auth.ts';
import type { AssertionAudience, SecretMethod } from './messages.ts';
import { startWorld, type World } from './rig.ts';

/** With what has to be form-encoded in a header (RFC 6749 section 2.3.1). */
const secretOf = (id: string) => `${id}: a+b %26 & c=d/e?`;
const methods = ['client_secret_basic', 'client_secret_post'] as const satisfies readonly SecretMethod[];
const otherThan = (method: SecretMethod) => methods.find((one) => one !== method) ?? method;
const proofBy = {
  client_secret_basic: oauth.ClientSecretBasic,
  client_secret_post: oauth.ClientSecretPost,
} satisfies Record<SecretMethod, (secret: string) => oauth.ClientAuth>;

let world: World;
let basicOnly: World;
beforeAll(async () => {
  const clientBy = (method: SecretMethod, id: string = method) =>
    ({ id, method, secret: secretOf(id), operator: true }) as const;
  world = await startWorld({
    clients: [...methods.map((one) => clientBy(one)), clientBy(methods[0], 'next')],
  });
  basicOnly = await startWorld({ clients: [clientBy('client_secret_basic')] });
});
afterAll(async () => {
  await world?.close();
  await basicOnly?.close();
});

const serverOf = ({ authority }: World): oauth.AuthorizationServer => ({
  issuer: authority.issuer,
  token_endpoint: authority.endpoints.token,
  introspection_endpoint: authority.endpoints.introspection,
});
/** `ok`, or what the server calls the error; read by hand, because a client that used the header hears a challenge too. */
async function authenticate(id: string, proof: oauth.ClientAuth, at = world): Promise<unknown> {
  const through = { [oauth.customFetch]: at.fetch };
  const client = { client_id: id };
  const answer = await oauth.clientCredentialsGrantRequest(serverOf(at), client, proof, {}, through);
  const body = (await answer.json()) as Record<string, unknown>;
  return answer.status === 200 ? 'ok' : body['error'];
}
/** What introspection says to a token that nobody has, or its error. */
async function introspectAny(id: string, proof: oauth.ClientAuth, at = world): Promise<unknown> {
  const through = { [oauth.customFetch]: at.fetch };
  const answer = await oauth.introspectionRequest(serverOf(at), { client_id: id }, proof, 'any', through);
  return answer.json();
}

describe.each(methods)('a client with a secret, registered for %s', (method) => {
  it('authenticates by it, at every endpoint', async () => {
    const proof = proofBy[method](secretOf(method));
    expect(await authenticate(method, proof)).toBe('ok');
    expect(await introspectAny(method, proof)).toEqual({ active: false });
  });

  it('is refused with another secret', async () => {
    for (const wrong of ['wrong', `${secretOf(method)} `, secretOf(otherThan(method))]) {
      expect(await authenticate(method, proofBy[method](wrong))).toBe('invalid_client');
    }
  });

  it('is refused where it uses the other method', async () => {
    const proof = proofBy[otherThan(method)](secretOf(method));
    expect(await authenticate(method, proof)).toBe('invalid_client');
  });

  it('is refused where it signs, and a client with a key where it shows a secret', async () => {
    const proof = await createKeyAuth(world.keys.rescind.privateJwk);
    expect(await authenticate(method, proof)).toBe('invalid_client');
    expect(await authenticate('rescind', proof)).toBe('ok');
    expect(await authenticate('rescind', proofBy[method]('any'))).toBe('invalid_client');
  });

  it('has the secret that was set last, and no other', async () => {
    await world.authority.setSecret(method, 'rotated');
    expect(await authenticate(method, proofBy[method]('rotated'))).toBe('ok');
    expect(await authenticate(method, proofBy[method](secretOf(method)))).toBe('invalid_client');
    expect(await authenticate(method, proofBy[otherThan(method)]('rotated'))).toBe('invalid_client');
    await world.authority.setSecret(method, secretOf(method));
    expect(await authenticate(method, proofBy[method]('rotated'))).toBe('invalid_client');
    expect(await authenticate(method, proofBy[method](secretOf(method)))).toBe('ok');
  });
});

describe('a local authority', () => {
  it('sets the secret of a client that has not called yet, and of no other', async () => {
    await world.authority.setSecret('next', 'rotated');
    expect(await authenticate('next', oauth.ClientSecretBasic('rotated'))).toBe('ok');
    expect(await authenticate('next', oauth.ClientSecretBasic(secretOf('next')))).toBe('invalid_client');
    expect(await authenticate(methods[0], oauth.ClientSecretBasic('rotated'))).toBe('invalid_client');
  });

  it.each(['rescind', 'nobody'])('sets no secret for %s, which has none', async (id) => {
    const set = world.authority.setSecret(id, 'set-in-vain');
    await expect(set).rejects.toThrow(id);
    await expect(set).rejects.not.toThrow('set-in-vain');
  });

  it('announces the methods of its clients, and no others', async () => {
    const announced = async ({ authority, fetch }: World) => {
      const answer = await fetch(`${authority.issuer}/.well-known/openid-configuration`);
      const { token_endpoint_auth_methods_supported: found } = (await answer.json()) as Record<
        string,
        string[]
      >;
      return found?.toSorted();
    };
    expect(await announced(basicOnly)).toEqual(['client_secret_basic', 'private_key_jwt']);
    expect(await announced(world)).toEqual([...methods, 'private_key_jwt']);
  });

  it('shows no secret in what it notes', async () => {
    const secret = secretOf('client_secret_basic');
    for (const tried of [secret, 'wrong-a+b']) {
      await authenticate('client_secret_basic', oauth.ClientSecretBasic(tried));
      await authenticate('client_secret_post', oauth.ClientSecretPost(tried));
    }
    const noted = [world.authority.notices(), await world.authority.requests()];
    const text = inspect(noted, { depth: null, maxArrayLength: null });
    expect(text).toContain("client: 'client_secret_post'");
    for (const part of ['a+b', 'a%2Bb']) expect(text).not.toContain(part);
  });
});

const outcomes = {
  unset: ['the issuer', 'the token endpoint', 'the issuer in a list', 'both in a list'],
  issuer: ['the issuer'],
  'token-endpoint': ['the token endpoint'],
} as const satisfies Record<AssertionAudience | 'unset', readonly string[]>;

describe.each(['unset', 'issuer', 'token-endpoint'] as const)('with assertionAudience %s', (option) => {
  let own: World;
  beforeAll(async () => {
    own = await startWorld(option === 'unset' ? {} : { assertionAudience: option });
  });
  afterAll(() => own?.close());

  const signFor = async (aud: string | string[]) => {
    const { privateJwk } = own.keys.rescind;
    const key = (await importJWK(privateJwk, 'ES256')) as oauth.CryptoKey;
    return oauth.PrivateKeyJwt(
      { key, kid: privateJwk.kid ?? '' },
      { [oauth.modifyAssertion]: (_header, payload) => void (payload['aud'] = aud) },
    );
  };

  it(`a local authority takes an assertion for ${outcomes[option].join(', ')}, and no other`, async () => {
    const { issuer, endpoints } = own.authority;
    const audiences = {
      'the issuer': issuer,
      'the token endpoint': endpoints.token,
      'the issuer in a list': [issuer],
      'both in a list': [issuer, endpoints.token],
      'another endpoint': endpoints.introspection,
      'another server': 'https://bank.example',
    };
    const taken: string[] = [];
    for (const [name, aud] of Object.entries(audiences)) {
      const answer = await authenticate('rescind', await signFor(aud), own);
      expect(['ok', 'invalid_client']).toContain(answer);
      if (answer === 'ok') taken.push(name);
    }
    expect(taken).toEqual(outcomes[option]);
  });

  it('holds at the other endpoints as well, where oidc-provider takes their own address', async () => {
    const { issuer, endpoints } = own.authority;
    const taken: string[] = [];
    for (const aud of [issuer, endpoints.token, endpoints.introspection]) {
      const answer = await introspectAny('rescind', await signFor(aud), own);
      if (isDeepStrictEqual(answer, { active: false })) taken.push(aud);
    }
    const all = [issuer, endpoints.token, endpoints.introspection];
    expect(taken).toEqual({ unset: all, issuer: [issuer], 'token-endpoint': [endpoints.token] }[option]);
  });
});
