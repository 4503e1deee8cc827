import { randomBytes } from 'node:crypto';
import type { AssertionAudience, AuthorityAuth } from '../../../lib/domain/inventory/authority.ts';
import type { Connector, RevokeOutcome } from '../../../lib/connectors/connector.ts';
import { Secret } from '../../../lib/domain/secret.ts';
import { newKeyPair } from '../../authority/rig.ts';
import { connectorAt, keySecretOf, targetAt } from '../at-server.ts';
import { lacks, notSeen, type Observation, type Observed, seen } from '../capability.ts';
import { newSecret } from '../new-credentials.ts';
import type { ClientName, InteropServer } from '../server.ts';
import { tellOutcome } from '../tell.ts';

const secretName = 'rescind/bank';

export const clientAuth: readonly Observed[] = [
  {
    id: 'key-to-issuer',
    title: '`private_key_jwt` to the issuer',
    observe: (server) => observeKey(server, 'issuer'),
  },
  {
    id: 'key-to-token-endpoint',
    title: '`private_key_jwt` to the token endpoint',
    observe: (server) => observeKey(server, 'token-endpoint'),
  },
  {
    id: 'secret-basic',
    title: '`client_secret_basic`',
    observe: (server) => observeSecret(server, 'acme-basic', 'client_secret_basic'),
  },
  {
    id: 'secret-post',
    title: '`client_secret_post`',
    observe: (server) => observeSecret(server, 'acme-post', 'client_secret_post'),
  },
  {
    id: 'rotated-key',
    title: 'A key that was rotated meanwhile, read afresh',
    observe: observeRotated,
  },
];

const byKey = (audience: AssertionAudience): AuthorityAuth => ({
  ...{ method: 'private_key_jwt', clientId: 'acme', secretName, audience },
});

async function observeKey(server: InteropServer, audience: AssertionAudience): Promise<Observation> {
  const auth = byKey(audience);
  const { privateJwk } = await newKeyPair();
  // another key under the right name
  const wrong = { ...privateJwk, kid: server.clients.acme.key.kid };
  return observeBoth(server, 'acme', auth, {
    right: keySecretOf(server, 'acme'),
    wrong: new Secret(JSON.stringify(wrong)),
  });
}

function observeSecret(
  server: InteropServer,
  client: ClientName,
  method: 'client_secret_basic' | 'client_secret_post',
): Promise<Observation> {
  return observeBoth(
    server,
    client,
    { method, clientId: client, secretName },
    { right: new Secret(server.clients[client].secret), wrong: new Secret(newSecret()) },
  );
}

/** The key in memory is one that the server does not know (any more); the one in Secrets Manager is. */
async function observeRotated(server: InteropServer): Promise<Observation> {
  const { privateJwk } = await newKeyPair();
  const stale = new Secret(JSON.stringify(privateJwk));
  const as = { client: 'acme', role: 'party', auth: byKey(server.audience) } as const;
  const refused = await revokeUnissued(connectorAt(server, { ...as, secret: stale }));
  const afresh = await revokeUnissued(
    connectorAt(server, { ...as, secret: stale, fresh: keySecretOf(server, 'acme') }),
  );
  const said = `The old one: ${tellOutcome(refused)}; read afresh: ${tellOutcome(afresh)}.`;
  return refused.kind === 'refused' && isTaken(afresh) ? seen(said) : notSeen(said);
}

const isTaken = ({ kind }: RevokeOutcome): boolean => kind === 'accepted' || kind === 'already-gone';

const revokeUnissued = (connector: Connector): Promise<RevokeOutcome> =>
  connector.revoke(targetAt(randomBytes(32).toString('base64url'), 'access_token'));

/** Revokes what was never issued: RFC 7009 section 2.2 has the server accept it, once it has taken the client. */
async function observeBoth(
  server: InteropServer,
  client: ClientName,
  auth: AuthorityAuth,
  { right, wrong }: { readonly right: Secret; readonly wrong: Secret },
): Promise<Observation> {
  const revokeWith = (secret: Secret) =>
    revokeUnissued(connectorAt(server, { client, role: 'party', auth, secret }));
  const [taken, refused] = [await revokeWith(right), await revokeWith(wrong)];
  const said = `Its own: ${tellOutcome(taken)}; another one: ${tellOutcome(refused)}.`;
  if (taken.kind === 'refused' && taken.because === 'invalid-client') return lacks(said);
  return isTaken(taken) && refused.kind === 'refused' ? seen(said) : notSeen(said);
}
