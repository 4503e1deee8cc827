import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../lib/connectors/egress.ts';
import { createOAuthConnector } from '../../lib/connectors/oauth/oauth-connector.ts';
import type { Authority } from '../../lib/domain/authority.ts';
import { authorityId } from '../../lib/domain/ids.ts';
import { newKeyPair } from '../local/authority/world.ts';
import { keySecret, targetOf } from '../contract/oauth-rig.ts';

const bank: Authority = {
  id: authorityId('bank'),
  revision: 1,
  kind: 'oauth',
  role: 'operator',
  issuer: 'https://bank.example',
  tokenEndpoint: 'https://bank.example/token',
  revocationEndpoint: 'https://bank.example/revoke',
  introspectionEndpoint: 'https://bank.example/introspect',
  auth: { method: 'private_key_jwt', clientId: 'rescind', secretName: 'rescind/bank' },
};

async function send(now: number) {
  const keys = await newKeyPair();
  const sent: { target: string; form: URLSearchParams }[] = [];
  const fetch: Fetch = async (target, init) => {
    sent.push({ target, form: new URLSearchParams(init?.body?.toString()) });
    return Response.json({ active: false });
  };
  const connector = createOAuthConnector(bank, {
    fetch,
    clientKey: async () => keySecret(keys),
    now: () => now,
  });
  return { connector, sent, keySet: createLocalJWKSet({ keys: [keys.publicJwk] }) };
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

  it('asserts itself to the issuer and nobody else, once, for a minute of the world’s clock', async () => {
    const tomorrow = Date.now() + 24 * 60 * 60 * 1000;
    const { connector, sent, keySet } = await send(tomorrow);
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
      expect(payload.aud).toBe('https://bank.example');
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
