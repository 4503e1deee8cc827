import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type LocalAuthority,
  type LocalClient,
  makeAuthorityCertificates,
  startAuthority,
} from '../../authority/authority.ts';
import { Clock } from '../../cloud/clock.ts';
import { exchangeAs } from '../exchange-as.ts';
import { newCredentials } from '../new-credentials.ts';
import { errorOf, postToken, tokensOf } from '../party.ts';
import type { ClientName, Credentials, InteropServer, ServerKind } from '../server.ts';

/** The server that all other tests have: in a worker thread of the test's own process, so that nothing is started here. */
export const oidcProvider: ServerKind = {
  name: 'oidc-provider',
  title: 'oidc-provider',
  prepare: async () => ({ at: '' }),
  start: async () => ({
    description: { version: '', origin: '', ca: '', control: '', clients: await newCredentials(), own: {} },
    stop: async () => {},
  }),
  open: ({ clients }) => openOidcProvider(clients),
};

async function openOidcProvider(clients: Readonly<Record<ClientName, Credentials>>): Promise<InteropServer> {
  const clock = new Clock();
  const certificates = await makeAuthorityCertificates();
  const authority = await startAuthority({
    clock,
    certificates,
    clients: localClients(clients),
    // oidc-provider's default, which the other tests do without
    rotateRegistrationTokens: true,
  });
  const { issuer, endpoints } = authority;
  const at = { issuer, endpoints, audience: 'issuer', ca: certificates.ca } as const;
  return {
    ...at,
    version: versionOf('oidc-provider'),
    now: () => clock.now(),
    clients,
    role: 'operator',
    tellsAnyone: false,
    unknownKeyIs: 'invalid-client',
    async consent(customer, { format = 'opaque' } = {}) {
      const minted = await authority.mint('acme', customer, { accessTokenFormat: format });
      return { client: 'acme', accessToken: minted.accessToken, refreshToken: minted.refreshToken };
    },
    async refresh(refreshToken) {
      const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
      const answer = await postToken(at, { client: 'acme', credentials: clients.acme }, form);
      return tokensOf(answer, 'acme') ?? { refused: errorOf(answer) };
    },
    exchange: exchangeAs(at, clients.bolt),
    register: (jwk) =>
      authority.register({
        id: `partner-${crypto.randomUUID()}`,
        jwk,
        // the server counts an owner's tokens by its client: those of the canary are `client_credentials`
        grantTypes: ['client_credentials'],
      }),
    behave: (endpoint, behaviour) => authority.behave(endpoint, behaviour),
    countOwn: async (client) => countOwn(authority, client),
    async close() {
      clock.stop();
      await authority.close();
    },
  };
}

const countOwn = async (authority: LocalAuthority, client: string): Promise<number> =>
  (await authority.liveArtefacts())[client]?.clientCredentials ?? 0;

function localClients(clients: Readonly<Record<ClientName, Credentials>>): readonly LocalClient[] {
  const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'];
  const byKey = (id: ClientName): LocalClient => {
    const { d: _private, ...jwk } = clients[id].key;
    return id === 'rescind' ? { id, jwk, operator: true } : { id, jwk, grantTypes };
  };
  return [
    ...(['acme', 'acme-jwt', 'bolt', 'rescind', 'plain'] as const).map(byKey),
    { id: 'acme-basic', secret: clients['acme-basic'].secret, method: 'client_secret_basic', grantTypes },
    { id: 'acme-post', secret: clients['acme-post'].secret, method: 'client_secret_post', grantTypes },
  ];
}

/** Of an installed package: some do not export their `package.json`. */
function versionOf(name: string): string {
  const [entry] = createRequire(import.meta.url)
    .resolve(name)
    .split(`/node_modules/${name}/`);
  const file = `${entry}/node_modules/${name}/package.json`;
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
