import type { JWK } from 'jose';
import { createClientKeysConnector } from '../../lib/connectors/client-keys/client-keys-connector.ts';
import type { Target } from '../../lib/connectors/connector.ts';
import { createClientRegistration } from '../../lib/connectors/registration/client-registration.ts';
import { authorityId, clientId, credentialId, partnerId } from '../../lib/domain/ids.ts';
import type { AssertionAudience } from '../../lib/domain/inventory/authority.ts';
import type { Client } from '../../lib/domain/rotation/client.ts';
import { Secret } from '../../lib/domain/secret.ts';
import { makeClientKey, publicHalfOf } from '../../lib/keys/client-key.ts';
import type { Endpoint } from '../authority/authority.ts';
import { startWorld } from '../authority/rig.ts';
import type { Rig, Trouble } from './connector.contract.ts';
import { byAudience, registrationOf, type Told } from './oauth-rig.ts';

const endpoints = ['token', 'revocation', 'registration'] as const satisfies readonly Endpoint[];

/** How each trouble looks at an authorization server, on every endpoint that is not named. */
export const clientKeyBehaviours: Record<Trouble, Told> = {
  hangs: 'hang',
  'cuts-connection': 'drop',
  'loses-answer': 'lose-answer',
  fails: 'http-500',
  'is-unavailable': 'http-503',
  limits: 'http-429',
  forbids: 'http-403',
  redirects: 'redirect',
  floods: 'huge',
  lies: { registration: 'lie-200' },
  // it would have to issue tokens: what it can do is say yes and give none
  'calls-all-alive': { token: 'lie-200' },
  'calls-all-dead': { token: 'http-401' },
  'talks-nonsense': 'not-json',
  'talks-half-sense': 'active-as-text',
};

/** A client with a current key that is to go on working, and others that come and go beside it. */
export async function startClientKeysRig(assertionAudience?: AssertionAudience): Promise<Rig> {
  const world = await startWorld(assertionAudience && { assertionAudience });
  let hanging = false;
  const keys = new Map<string, Secret>();
  const secrets: string[] = [];

  async function newKey(): Promise<JWK> {
    const secret = await makeClientKey();
    const half = publicHalfOf(secret);
    if (!half) throw new Error('no key was made');
    keys.set(half.kid, secret);
    secrets.push(String((JSON.parse(secret.reveal()) as JWK).d));
    return half.jwk;
  }

  const current = await newKey();
  const registered = await world.authority.register({
    id: 'acme-key',
    jwk: current,
    grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
  });
  let accessToken = new Secret(registered.registrationAccessToken);
  secrets.push(registered.registrationAccessToken);
  const client: Client = {
    id: clientId('acme-bank'),
    revision: 1,
    partner: partnerId('acme'),
    authority: authorityId('bank'),
    strategy: 'private-key-jwt',
    clientId: registered.clientId,
    registrationUri: registered.registrationClientUri,
    keyId: credentialId(current.kid ?? ''),
    overlapSeconds: 300,
    everySeconds: 86_400,
  };
  const fetch: typeof world.fetch = (...call) => (hanging ? world.impatientFetch : world.fetch)(...call);
  const connectorOf = (of: Client) =>
    createClientKeysConnector(
      { client: of, authority: registrationOf(world, byAudience(assertionAudience)) },
      {
        fetch,
        now: () => world.clock.now(),
        privateKey: async (kid) => keys.get(kid),
        living: async () => client.keyId,
        registrationToken: {
          read: async () => accessToken,
          keep: async (next) => {
            accessToken = next;
          },
        },
      },
      { guarded: true },
    );
  const targetOf = (kid: string): Target => ({
    authority: client.authority,
    id: credentialId(kid),
    kind: 'signing_key',
  });
  const minted: JWK[] = [];
  return {
    connector: connectorOf(client),
    stranger: connectorOf({ ...client, clientId: 'nobody' }),
    async mint() {
      const made = await newKey();
      minted.push(made);
      // the server takes any number, a client of ours has at most eight
      const latest = minted.slice(-2);
      await createClientRegistration({ fetch: world.fetch, keep: async () => {} }).replaceKeys(
        { clientUri: client.registrationUri, accessToken },
        [current, ...latest],
      );
      return targetOf(made.kid ?? '');
    },
    invent: () => targetOf('never-made'),
    async trouble(trouble) {
      hanging = trouble === 'hangs';
      const told = clientKeyBehaviours[trouble];
      for (const endpoint of endpoints)
        await world.authority.behave(
          endpoint,
          typeof told === 'string' ? told : (told[endpoint] ?? 'normal'),
        );
    },
    async heal() {
      hanging = false;
      for (const endpoint of endpoints) await world.authority.behave(endpoint, 'normal');
    },
    countOwn: async () => (await world.authority.liveArtefacts())[client.clientId]?.clientCredentials ?? 0,
    secrets: () => secrets,
    close: () => world.close(),
  };
}
