import { randomBytes } from 'node:crypto';
import type { Target } from '../../lib/connectors/connector.ts';
import type { OAuthDeps } from '../../lib/connectors/oauth/call-authority.ts';
import { createOAuthConnector } from '../../lib/connectors/oauth/oauth-connector.ts';
import type { AssertionAudience, Authority, AuthorityRole } from '../../lib/domain/inventory/authority.ts';
import { authorityId, credentialId } from '../../lib/domain/ids.ts';
import { Secret } from '../../lib/domain/secret.ts';
import type { Behaviour, Endpoint } from '../authority/authority.ts';
import type { KeyPair, World } from '../authority/rig.ts';
import type { Rig, Trouble } from './connector.contract.ts';
import { newOwnSecret, startOAuthServer, type Way } from './oauth-server.ts';

const endpoints = ['token', 'revocation', 'introspection'] as const satisfies readonly Endpoint[];

/** On every endpoint, or by name. */
export type Told = Behaviour | Partial<Record<Endpoint, Behaviour>>;

/** How each trouble looks at an authorization server, on every endpoint that is not named. */
export const oauthBehaviours: Record<Trouble, Told> = {
  hangs: 'hang',
  'cuts-connection': 'drop',
  'loses-answer': 'lose-answer',
  fails: 'http-500',
  'is-unavailable': 'http-503',
  limits: 'http-429',
  forbids: 'http-403',
  redirects: 'redirect',
  floods: 'huge',
  lies: { revocation: 'lie-200' },
  'calls-all-alive': { introspection: 'lie-active' },
  'calls-all-dead': { introspection: 'lie-inactive' },
  'talks-nonsense': 'not-json',
  'talks-half-sense': 'active-as-text',
};

export const keySecret = ({ privateJwk }: KeyPair): Secret => new Secret(JSON.stringify(privateJwk));

export function registrationOf(
  { authority }: Pick<World, 'authority'>,
  changes: Partial<Authority> = {},
): Authority {
  return {
    id: authorityId('bank'),
    revision: 1,
    kind: 'oauth',
    role: 'operator',
    issuer: authority.issuer,
    tokenEndpoint: authority.endpoints.token,
    revocationEndpoint: authority.endpoints.revocation,
    introspectionEndpoint: authority.endpoints.introspection,
    ...byAudience(undefined),
    ...changes,
  };
}

/** What a registration says of an authority that wants assertions to be for this one. */
export const byAudience = (audience: AssertionAudience | undefined): Pick<Authority, 'auth'> => ({
  auth: { method: 'private_key_jwt', clientId: 'rescind', secretName: 'rescind/bank', audience },
});

export function targetOf(token: string, kind: Target['kind'] = 'refresh_token'): Target {
  return { authority: authorityId('bank'), id: credentialId('rt-1'), kind, token: new Secret(token) };
}

/** Behaves the same at every endpoint, or as named. */
export async function behave({ authority }: Pick<World, 'authority'>, behaviour: Told): Promise<void> {
  for (const endpoint of endpoints) {
    const one = typeof behaviour === 'string' ? behaviour : (behaviour[endpoint] ?? 'normal');
    await authority.behave(endpoint, one);
  }
}

/** Rescind at a real server that takes it in this way alone: as itself, or with the credentials of the partner `acme`. */
export async function startOAuthRig(way: Way, role: AuthorityRole = 'operator'): Promise<Rig> {
  const server = await startOAuthServer(way);
  const name = role === 'party' ? 'acme' : 'rescind';
  const registration = registrationOf(server, { role, auth: server.authOf(name) });
  let hanging = false;
  const strangers = await newOwnSecret(way);
  const deps = (value: Secret): OAuthDeps => ({
    fetch: (...call) => (hanging ? server.impatientFetch : server.fetch)(...call),
    clientKey: async () => value,
    now: () => server.clock.now(),
  });
  const secrets = [...server.own[name].hidden, ...strangers.hidden];
  return {
    connector: createOAuthConnector(registration, deps(server.own[name].value)),
    stranger: createOAuthConnector(registration, deps(strangers.value)),
    async mint() {
      const { refreshToken, accessToken } = await server.authority.mint('acme', 'customer-1');
      secrets.push(refreshToken, accessToken);
      return targetOf(refreshToken);
    },
    invent: () => targetOf(randomBytes(32).toString('base64url')),
    trouble(trouble) {
      hanging = trouble === 'hangs';
      return behave(server, oauthBehaviours[trouble]);
    },
    heal() {
      hanging = false;
      return behave(server, 'normal');
    },
    countOwn: async () => (await server.authority.liveArtefacts())[name]?.clientCredentials ?? 0,
    secrets: () => secrets,
    close: () => server.close(),
  };
}
