import { callHttps, stringOf } from '../machine/https-call.ts';
import { tellFront } from '../machine/tell-front.ts';
import { errorOf, postToken, tokensOf } from '../party.ts';
import { exchangeAs } from '../exchange-as.ts';
import type { Description, InteropServer } from '../server.ts';
import { authorize } from './authorize.ts';
import { keyMetadata, redirectUri, scope } from './clients.ts';

/** Hydra as the test's process speaks to it. */
export function openHydra({ version, origin, ca, clients, control }: Description): InteropServer {
  const at = {
    issuer: origin,
    ca,
    // fosite takes its token endpoint and nothing else: `GetTokenURLs` of Hydra's `fositex/config.go`
    audience: 'token-endpoint',
    endpoints: {
      token: `${origin}/oauth2/token`,
      revocation: `${origin}/oauth2/revoke`,
      introspection: `${origin}/admin/oauth2/introspect`,
    },
  } as const;
  const acme = { client: 'acme', credentials: clients.acme } as const;
  return {
    ...at,
    version,
    clients,
    now: () => Date.now(),
    // any other client is answered 200 and nothing is done: fosite's `WriteRevocationResponse`
    role: 'party',
    tellsAnyone: true,
    // of a `kid` that is not in the client's set: fosite's `findPublicKey`
    unknownKeyIs: 'invalid-request',
    async consent(customer, { format = 'opaque' } = {}) {
      // the format is a client's
      const client = format === 'jwt' ? 'acme-jwt' : 'acme';
      const code = await authorize({ origin, ca, client, redirectUri, scope, customer });
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
      const answer = await postToken(at, { client, credentials: clients[client] }, form);
      const tokens = tokensOf(answer, client);
      if (!tokens) throw new Error(`no consent of ${customer}: ${JSON.stringify(answer.body)}`);
      return tokens;
    },
    async refresh(refreshToken) {
      const answer = await postToken(at, acme, { grant_type: 'refresh_token', refresh_token: refreshToken });
      return tokensOf(answer, 'acme') ?? { refused: errorOf(answer) };
    },
    // what fosite answers to a grant that nobody handles
    exchange: exchangeAs(at, clients.bolt, 'invalid_request'),
    async register(jwk) {
      const answer = await callHttps(`${origin}/oauth2/register`, {
        ca,
        json: {
          client_name: 'a partner',
          grant_types: ['client_credentials'],
          response_types: [],
          redirect_uris: [redirectUri],
          ...keyMetadata(jwk),
        },
      });
      const member = (name: string) => stringOf(answer, name, 'registration');
      return {
        clientId: member('client_id'),
        registrationClientUri: member('registration_client_uri'),
        registrationAccessToken: member('registration_access_token'),
      };
    },
    behave: tellFront(control, ca),
    countOwn: async () => undefined,
    close: async () => {},
  };
}
