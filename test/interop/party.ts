import { importJWK, SignJWT } from 'jose';
import { type Answered, callHttps } from './machine/https-call.ts';
import type { ClientName, Credentials, InteropServer, Tokens } from './server.ts';

type AtServer = Pick<InteropServer, 'issuer' | 'endpoints' | 'audience' | 'ca'>;

const assertionSeconds = 60;

/** One form to the token endpoint as a client with a key, by code that no connector shares (RFC 7523 section 2.2). */
export async function postToken(
  at: AtServer,
  { client, credentials }: { readonly client: ClientName; readonly credentials: Credentials },
  form: Readonly<Record<string, string>>,
): Promise<Answered> {
  const { key } = credentials;
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: key.alg ?? '', ...(key.kid === undefined ? {} : { kid: key.kid }) })
    .setIssuer(client)
    .setSubject(client)
    .setAudience(at.audience === 'issuer' ? at.issuer : at.endpoints.token)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${assertionSeconds}s`)
    .sign(await importJWK(key));
  return callHttps(at.endpoints.token, {
    ca: at.ca,
    form: {
      client_id: client,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      ...form,
    },
  });
}

/** The tokens of an answer to this client; undefined: there are none. */
export function tokensOf({ status, body }: Answered, client: ClientName): Tokens | undefined {
  const { access_token: accessToken, refresh_token: refreshToken } = body;
  if (status !== 200 || typeof accessToken !== 'string') return undefined;
  return { client, accessToken, refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined };
}

/** The code of a refusal (RFC 6749 section 5.2), or the status. */
export const errorOf = ({ status, body }: Answered): string =>
  typeof body['error'] === 'string' ? body['error'] : `http-${status}`;
