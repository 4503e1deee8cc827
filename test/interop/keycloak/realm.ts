import type { JWK } from 'jose';
import type { ClientName, Credentials } from '../server.ts';

export const realm = 'bank';

/** Of the customers, who have no other secret. */
export const customerPassword = 'customer';

/** Seconds. A token that lapses in the middle of a run would look revoked. */
const accessTokenSeconds = 600;

/** As `POST /admin/realms` takes it (`RealmRepresentation` of Keycloak's admin REST API). */
export function realmOf(
  clients: Readonly<Record<ClientName, Credentials>>,
  customers: readonly string[],
): object {
  return {
    realm,
    enabled: true,
    sslRequired: 'all',
    accessTokenLifespan: accessTokenSeconds,
    users: customers.map((name) => ({
      username: name,
      enabled: true,
      // without these the server wants the customer to complete a profile first
      ...{ email: `${name}@bank.example`, emailVerified: true, firstName: name, lastName: name },
      credentials: [{ type: 'password', value: customerPassword, temporary: false }],
      realmRoles: [`default-roles-${realm}`, 'offline_access'],
    })),
    clients: [
      // in `aud` of its own tokens: since 26.6.2 introspection says active to nobody else
      // https://www.keycloak.org/docs/26.7.0/upgrading/#token-introspection-now-validates-audience-claim
      byKey('acme', clients.acme.key, { audiences: ['acme', 'rescind', 'bolt'] }),
      byKey('acme-jwt', clients['acme-jwt'].key, { audiences: ['acme-jwt'] }),
      bySecret('acme-basic', clients['acme-basic'].secret),
      bySecret('acme-post', clients['acme-post'].secret),
      byKey('bolt', clients.bolt.key, {
        audiences: ['bolt', 'rescind'],
        // https://www.keycloak.org/securing-apps/token-exchange#_standard-token-exchange-enable
        attributes: {
          'standard.token.exchange.enabled': 'true',
          'standard.token.exchange.enableRefreshRequestedTokenType': 'SAME_SESSION',
        },
      }),
      byKey('rescind', clients.rescind.key, { audiences: ['rescind'] }),
      byKey('plain', clients.plain.key, { audiences: [] }),
    ],
  };
}

interface ClientOptions {
  readonly audiences: readonly ClientName[];
  readonly attributes?: Readonly<Record<string, string>>;
}

function byKey(clientId: ClientName, key: JWK, { audiences, attributes = {} }: ClientOptions): object {
  return {
    ...common(clientId),
    clientAuthenticatorType: 'client-jwt',
    protocolMappers: audiences.map(audience),
    attributes: {
      'use.jwks.string': 'true',
      'jwks.string': JSON.stringify({ keys: [publicHalf(key)] }),
      'token.endpoint.auth.signing.alg': 'ES256',
      ...attributes,
    },
  };
}

const bySecret = (clientId: ClientName, secret: string): object => ({
  ...common(clientId),
  clientAuthenticatorType: 'client-secret',
  secret,
});

const common = (clientId: ClientName): object => ({
  clientId,
  protocol: 'openid-connect',
  publicClient: false,
  // client credentials; a customer's consent by the password grant, which has the tokens of any other
  ...{ serviceAccountsEnabled: true, directAccessGrantsEnabled: true, standardFlowEnabled: true },
  redirectUris: [`https://${clientId}.example/callback`],
  fullScopeAllowed: false,
});

const audience = (name: ClientName): object => ({
  name: `audience-${name}`,
  protocol: 'openid-connect',
  protocolMapper: 'oidc-audience-mapper',
  config: {
    'included.client.audience': name,
    'access.token.claim': 'true',
    'introspection.token.claim': 'true',
  },
});

/** `use`: a key without it is none for Keycloak, which answers `invalid_client_metadata` to it. */
export const publicHalf = ({ kty, crv, x, y, kid }: JWK): object => ({
  ...{ kty, crv, x, y, kid },
  ...{ use: 'sig', alg: 'ES256' },
});
