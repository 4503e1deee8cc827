import * as oauth from 'oauth4webapi';
import type { Authority } from '../../domain/inventory/authority.ts';
import type { Secret } from '../../domain/secret.ts';
import { readClientKey } from './client-key.ts';
import { readClientSecret } from './client-secret.ts';

/**
 * How to authenticate as the client of this registration with this value of its secret (RFC 6749 section 2.3.1,
 * RFC 7523 section 2.2). Gives undefined for a value that is none for its method.
 */
export async function readClientAuth(
  authority: Pick<Authority, 'auth' | 'tokenEndpoint'>,
  value: Secret,
): Promise<oauth.ClientAuth | undefined> {
  switch (authority.auth.method) {
    case 'private_key_jwt': {
      const key = await readClientKey(value);
      return key && assertTo(audienceOf(authority), key);
    }
    case 'client_secret_basic': {
      const secret = readClientSecret(value);
      return secret && oauth.ClientSecretBasic(secret.reveal());
    }
    case 'client_secret_post': {
      const secret = readClientSecret(value);
      return secret && oauth.ClientSecretPost(secret.reveal());
    }
  }
}

/** Whom an authority wants the assertions of its clients to be for, as it is registered; undefined: the issuer. */
export function audienceOf({
  auth,
  tokenEndpoint,
}: Pick<Authority, 'auth' | 'tokenEndpoint'>): string | undefined {
  return auth.method === 'private_key_jwt' && auth.audience === 'token-endpoint' ? tokenEndpoint : undefined;
}

/** oauth4webapi asserts to the issuer, as RFC 7523bis and FAPI 2.0 want it; `audience` takes its place. */
export function assertTo(audience: string | undefined, key: oauth.PrivateKey): oauth.ClientAuth {
  if (audience === undefined) return oauth.PrivateKeyJwt(key);
  return oauth.PrivateKeyJwt(key, {
    [oauth.modifyAssertion]: (_header, payload) => {
      payload['aud'] = audience;
    },
  });
}
