import { callHttps, stringOf } from '../machine/https-call.ts';
import { tellFront } from '../machine/tell-front.ts';
import { errorOf, postToken, tokensOf } from '../party.ts';
import type { Description, InteropServer } from '../server.ts';
import { exchangeAs } from '../exchange-as.ts';
import { customerPassword, publicHalf, realm } from './realm.ts';

/** Keycloak as the test's process speaks to it. */
export function openKeycloak({ version, origin, ca, clients, control, own }: Description): InteropServer {
  const issuer = `${origin}/realms/${realm}`;
  const at = {
    issuer,
    ca,
    audience: 'issuer',
    endpoints: {
      token: `${issuer}/protocol/openid-connect/token`,
      revocation: `${issuer}/protocol/openid-connect/revoke`,
      introspection: `${issuer}/protocol/openid-connect/token/introspect`,
    },
  } as const;
  const acme = { client: 'acme', credentials: clients.acme } as const;
  return {
    ...at,
    version,
    clients,
    now: () => Date.now(),
    // a token is revoked by the client that it was issued to, and by no other
    role: 'party',
    tellsAnyone: false,
    unknownKeyIs: 'invalid-client',
    async consent(customer, { offline = false } = {}) {
      const answer = await postToken(at, acme, {
        grant_type: 'password',
        username: customer,
        password: customerPassword,
        ...(offline ? { scope: 'offline_access' } : {}),
      });
      const tokens = tokensOf(answer, 'acme');
      if (!tokens) throw new Error(`no consent of ${customer}: ${JSON.stringify(answer.body)}`);
      return tokens;
    },
    async refresh(refreshToken) {
      const answer = await postToken(at, acme, { grant_type: 'refresh_token', refresh_token: refreshToken });
      return tokensOf(answer, 'acme') ?? { refused: errorOf(answer) };
    },
    exchange: exchangeAs(at, clients.bolt),
    async register(jwk) {
      const answer = await callHttps(`${issuer}/clients-registrations/openid-connect`, {
        ca,
        bearer: own['initialAccessToken'] ?? '',
        json: {
          client_name: 'a partner',
          token_endpoint_auth_method: 'private_key_jwt',
          token_endpoint_auth_signing_alg: 'ES256',
          grant_types: ['client_credentials'],
          redirect_uris: ['https://partner.example/callback'],
          jwks: { keys: [publicHalf(jwk)] },
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
