import Provider, { type ClientAuthMethod, type ClientMetadata } from 'oidc-provider';
import type { LocalClient } from '../messages.ts';

/** How a client of the local world describes itself to the server, whoever registers it. */
export function toMetadata(client: LocalClient): ClientMetadata {
  const grants = [...(client.grantTypes ?? grantsOf(client))];
  const interactive = grants.includes('authorization_code');
  return {
    client_id: client.id,
    ...authenticationOf(client),
    id_token_signed_response_alg: 'ES256',
    grant_types: grants,
    response_types: interactive ? ['code'] : [],
    redirect_uris: interactive ? [`https://${client.id}.example/callback`] : [],
  } as ClientMetadata;
}

/** What a server has to accept for its clients to get in; a key always does. */
export function authMethodsOf(clients: readonly LocalClient[]): ReadonlySet<ClientAuthMethod> {
  const methods = clients.flatMap((client): ClientAuthMethod[] => (client.method ? [client.method] : []));
  return new Set<ClientAuthMethod>(['private_key_jwt', ...methods]);
}

/**
 * Makes a secret count only in the way that its client registered: oidc-provider takes it in the header and in the
 * body alike, and a client that uses the wrong one would not be noticed here.
 */
export function holdToMethod(provider: Provider): void {
  const { prototype } = provider.Client;
  prototype.compareClientSecret = function compareAsRegistered(actual) {
    const inHeader = Provider.ctx?.headers.authorization !== undefined;
    const method = inHeader ? 'client_secret_basic' : 'client_secret_post';
    return method === this.tokenEndpointAuthMethod && actual === this.clientSecret;
  };
}

/** Replaces the secret of one of these clients; rejects for any other, and for one that has a key. */
export function createSecretSetter(
  provider: Provider,
  clients: readonly LocalClient[],
): (id: string, secret: string) => Promise<void> {
  const withSecret = new Set(clients.filter(({ method }) => method !== undefined).map(({ id }) => id));
  return async (id, clientSecret) => {
    const client = withSecret.has(id) ? await provider.Client.find(id) : undefined;
    if (!client) throw new Error(`the authorization server gave no client ${id} a secret at its start`);
    // a client of the configuration is one object for as long as the server lives
    Object.assign(client, { clientSecret });
  };
}

function grantsOf({ operator, inspector }: LocalClient): readonly string[] {
  if (operator) return ['client_credentials'];
  return inspector ? [] : ['authorization_code', 'refresh_token'];
}

function authenticationOf(client: LocalClient): object {
  if (client.secret !== undefined) {
    return { token_endpoint_auth_method: client.method, client_secret: client.secret };
  }
  return {
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: [{ ...client.jwk, use: 'sig' }] },
  };
}
