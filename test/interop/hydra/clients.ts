import type { JWK } from 'jose';
import type { ClientName, Credentials } from '../server.ts';

export const scope = 'accounts offline_access';
export const redirectUri = 'https://partner.example/callback';

/** As `POST /admin/clients` takes them. */
export const clientsOf = (clients: Readonly<Record<ClientName, Credentials>>): readonly object[] => [
  byKey('acme', clients.acme.key),
  { ...byKey('acme-jwt', clients['acme-jwt'].key), access_token_strategy: 'jwt' },
  bySecret('acme-basic', 'client_secret_basic', clients['acme-basic'].secret),
  bySecret('acme-post', 'client_secret_post', clients['acme-post'].secret),
  byKey('bolt', clients.bolt.key),
  byKey('rescind', clients.rescind.key),
  byKey('plain', clients.plain.key),
];

const common = (id: string): object => ({
  client_id: id,
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  response_types: ['code'],
  redirect_uris: [redirectUri],
  scope,
});

const byKey = (id: string, key: JWK): object => ({ ...common(id), ...keyMetadata(key) });

const bySecret = (id: string, method: string, secret: string): object => ({
  ...common(id),
  token_endpoint_auth_method: method,
  client_secret: secret,
});

export const keyMetadata = ({ kty, crv, x, y, kid }: JWK): object => ({
  token_endpoint_auth_method: 'private_key_jwt',
  // RS256 without it, and no other then
  token_endpoint_auth_signing_alg: 'ES256',
  jwks: { keys: [{ ...{ kty, crv, x, y, kid }, use: 'sig', alg: 'ES256' }] },
});
