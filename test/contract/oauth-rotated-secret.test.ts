import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import { cachedSecrets } from '../../lib/aws/secrets/secrets.ts';
import { createOAuthConnector } from '../../lib/connectors/oauth/oauth-connector.ts';
import { newWorld } from '../cloud/services/secrets-manager/rig.ts';
import { registrationOf, targetOf } from './oauth-rig.ts';
import { startOAuthServer, type Way } from './oauth-server.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Rescind with its secret in Secrets Manager, at a real server, as its worker has it. */
async function startRescind(way: Way) {
  const server = await startOAuthServer(way);
  ends.push(() => server.close());
  const { client, secretsManager } = await newWorld();
  let reads = 0;
  client.middlewareStack.add(
    (next) => (call) => {
      if (!('SecretString' in call.input)) reads += 1;
      return next(call);
    },
    { step: 'initialize' },
  );
  const now = () => server.clock.now();
  const registration = registrationOf(server, { auth: server.authOf('rescind') });
  const { secretName } = registration.auth;
  secretsManager.createSecret({ name: secretName, value: server.own.rescind.value.reveal() });
  const secret = cachedSecrets(client, now);
  return {
    server,
    connector: createOAuthConnector(registration, {
      fetch: server.fetch,
      clientKey: (options) => secret(secretName, options),
      now,
    }),
    reads: () => reads,
    put: (value: string) =>
      client.send(new PutSecretValueCommand({ SecretId: secretName, SecretString: value })),
    calls: async () => (await server.authority.requests()).length,
  };
}

describe.each(['client_secret_basic', 'client_secret_post'] as const)('a secret for %s', (method) => {
  it('that was rotated is read once more when the one in memory is refused, and works', async () => {
    const { server, connector, reads, put } = await startRescind({ method });
    const { refreshToken } = await server.authority.mint('acme', 'customer');
    expect(await connector.probe(targetOf(refreshToken))).toMatchObject([{ answer: 'active' }]);
    await server.authority.setSecret('rescind', 'another one');
    await put('another one');
    expect(reads()).toBe(1);
    expect(await connector.revoke(targetOf(refreshToken))).toEqual({ kind: 'accepted' });
    expect(await connector.probe(targetOf(refreshToken))).toMatchObject([{ answer: 'inactive' }]);
    expect(reads()).toBe(2);
  });

  it('that was rotated at the server alone is refused, and not offered again and again', async () => {
    const { server, connector, reads, calls } = await startRescind({ method });
    await server.authority.setSecret('rescind', 'another one');
    const before = await calls();
    for (let tries = 0; tries < 5; tries += 1)
      expect(await connector.revoke(targetOf('any'))).toEqual({ kind: 'refused', because: 'invalid-client' });
    expect((await calls()) - before).toBe(5);
    expect(reads()).toBe(2);
  });
});

describe('an authority that answers invalid_client to everything', () => {
  it('makes one read of the secret in half a minute, not one for each call', async () => {
    const { server, connector, reads } = await startRescind({ method: 'client_secret_basic' });
    await server.authority.behave('introspection', 'http-401');
    const look = () => Promise.all(Array.from({ length: 10 }, () => connector.probe(targetOf('any'))));
    await look();
    await look();
    expect(reads()).toBe(2);
    await server.clock.advance(30_000);
    await look();
    expect(reads()).toBe(3);
  });
});
