import type { Connector, Sighting, Target } from '../../lib/connectors/connector.ts';
import { createEgress, type Fetch } from '../../lib/connectors/egress.ts';
import { createOAuthConnector } from '../../lib/connectors/oauth/oauth-connector.ts';
import type { Authority, AuthorityAuth, AuthorityRole } from '../../lib/domain/inventory/authority.ts';
import { authorityId, credentialId } from '../../lib/domain/ids.ts';
import { Secret } from '../../lib/domain/secret.ts';
import type { ClientName, InteropServer, Tokens } from './server.ts';

/** The way out that the product has, with the one rule that a bank's operator would write. */
export function egressTo({ issuer, ca }: InteropServer, timeoutMs?: number): Fetch {
  const rules = [{ host: new URL(issuer).host, addresses: ['127.0.0.1'], ca }];
  return createEgress({ rules, ...(timeoutMs === undefined ? {} : { timeoutMs }) }).fetch;
}

export interface As {
  readonly client: ClientName;
  readonly role: AuthorityRole;
  /** @default by key, to whom the server wants it */
  readonly auth?: AuthorityAuth;
  /** @default the client's own */
  readonly secret?: Secret;
  /** What is read past the memory. @default the same */
  readonly fresh?: Secret;
  readonly fetch?: Fetch;
}

/** The product's OAuth connector at this server, as this client. */
export function connectorAt(server: InteropServer, as: As): Connector {
  return createOAuthConnector(registrationAt(server, as), {
    fetch: as.fetch ?? egressTo(server),
    clientKey: async ({ fresh = false } = {}) =>
      (fresh ? as.fresh : undefined) ?? as.secret ?? keySecretOf(server, as.client),
    now: server.now,
  });
}

export const keySecretOf = ({ clients }: InteropServer, client: ClientName): Secret =>
  new Secret(JSON.stringify(clients[client].key));

export function registrationAt(
  server: InteropServer,
  { client, role, auth }: Pick<As, 'client' | 'role' | 'auth'>,
): Authority {
  return {
    id: authorityId('bank'),
    revision: 1,
    kind: 'oauth',
    role,
    issuer: server.issuer,
    tokenEndpoint: server.endpoints.token,
    revocationEndpoint: server.endpoints.revocation,
    introspectionEndpoint: server.endpoints.introspection,
    auth: auth ?? {
      method: 'private_key_jwt',
      clientId: client,
      secretName: 'rescind/bank',
      audience: server.audience,
    },
  };
}

/** The connector as Rescind has to be registered there to work on what was issued to this client. */
export const connectorFor = (server: InteropServer, { client }: Pick<Tokens, 'client'>): Connector =>
  connectorAt(server, { client: server.role === 'operator' ? 'rescind' : client, role: server.role });

export const targetAt = (token: string, kind: 'access_token' | 'refresh_token'): Target => ({
  authority: authorityId('bank'),
  id: credentialId('one'),
  kind,
  token: new Secret(token),
});

/** The one answer of the one vantage point, with its reason where there is one to tell. */
export function tellSighting([first]: readonly Sighting[]): string {
  if (!first) return '`unknown`';
  return first.answer === 'unknown' ? `\`unknown\` (\`${first.because}\`)` : `\`${first.answer}\``;
}
