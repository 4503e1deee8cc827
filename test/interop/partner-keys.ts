import type { JWK } from 'jose';
import { createClientKeysConnector } from '../../lib/connectors/client-keys/client-keys-connector.ts';
import { withKey } from '../../lib/connectors/client-keys/key-set.ts';
import type { Connector, Target } from '../../lib/connectors/connector.ts';
import type { Fetch } from '../../lib/connectors/egress.ts';
import { createClientRegistration } from '../../lib/connectors/registration/client-registration.ts';
import { authorityId, clientId, credentialId, partnerId } from '../../lib/domain/ids.ts';
import type { Client } from '../../lib/domain/rotation/client.ts';
import { Secret } from '../../lib/domain/secret.ts';
import { makeClientKey, publicHalfOf } from '../../lib/keys/client-key.ts';
import { egressTo, registrationAt } from './at-server.ts';
import type { InteropServer } from './server.ts';

/** A partner's client that registered itself with one key (RFC 7591), and our connector for its keys. */
export interface PartnerKeys {
  readonly current: JWK;
  /** How often an answer brought another registration access token. */
  readonly tokensReplaced: () => number;
  /** Every value that must never show. */
  readonly secrets: readonly string[];
  connector(options: {
    readonly guarded: boolean;
    readonly clientId?: string;
    readonly fetch?: Fetch;
  }): Connector;
  /** What the server says that it has. */
  readKeys(): Promise<readonly JWK[]>;
  /** One more key beside those that are there. */
  addKey(): Promise<JWK>;
  /** These and no others. */
  replaceKeys(keys: readonly JWK[]): Promise<void>;
  /** One that the server has never seen. */
  newKey(): Promise<JWK>;
  targetOf(kid: string): Target;
}

export async function startPartnerKeys(server: InteropServer): Promise<PartnerKeys> {
  const keys = new Map<string, Secret>();
  const secrets: string[] = [];
  let replaced = 0;

  async function newKey(): Promise<JWK> {
    const secret = await makeClientKey();
    const half = publicHalfOf(secret);
    if (!half) throw new Error('no key was made');
    keys.set(half.kid, secret);
    secrets.push(String((JSON.parse(secret.reveal()) as JWK).d));
    return half.jwk;
  }

  const current = await newKey();
  const registered = await server.register(current);
  let accessToken = new Secret(registered.registrationAccessToken);
  secrets.push(registered.registrationAccessToken);
  const client: Client = {
    id: clientId('partner'),
    revision: 1,
    partner: partnerId('partner'),
    authority: authorityId('bank'),
    strategy: 'private-key-jwt',
    clientId: registered.clientId,
    registrationUri: registered.registrationClientUri,
    keyId: credentialId(current.kid ?? ''),
    overlapSeconds: 300,
    everySeconds: 86_400,
  };
  const keep = (next: Secret): void => {
    accessToken = next;
    replaced += 1;
    secrets.push(next.reveal());
  };
  const registration = createClientRegistration({
    fetch: egressTo(server),
    keep: async (next) => keep(next.accessToken),
  });
  const at = () => ({ clientUri: client.registrationUri, accessToken });
  return {
    current,
    tokensReplaced: () => replaced,
    secrets,
    newKey,
    connector: ({ guarded, clientId: other = client.clientId, fetch = egressTo(server) }) =>
      createClientKeysConnector(
        {
          client: { ...client, clientId: other },
          authority: registrationAt(server, { client: 'rescind', role: 'operator' }),
        },
        {
          fetch,
          now: server.now,
          privateKey: async (kid) => keys.get(kid),
          living: async () => (guarded ? client.keyId : undefined),
          registrationToken: { read: async () => accessToken, keep: async (next) => keep(next) },
        },
        { guarded },
      ),
    async readKeys() {
      const { metadata } = await registration.read(at());
      return (metadata['jwks'] as { readonly keys: readonly JWK[] } | undefined)?.keys ?? [];
    },
    async addKey() {
      const jwk = await newKey();
      await registration.changeKeys(at(), (known) => withKey(known, jwk));
      return jwk;
    },
    async replaceKeys(all) {
      await registration.replaceKeys(at(), all);
    },
    targetOf: (kid) => ({ authority: client.authority, id: credentialId(kid), kind: 'signing_key' }),
  };
}
