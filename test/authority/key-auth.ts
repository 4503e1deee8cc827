import { importJWK, type JWK } from 'jose';
import * as oauth from 'oauth4webapi';

/** Authenticates a client by `private_key_jwt`, addressed to the issuer. Throws `TypeError` for a symmetric key. */
export async function createKeyAuth(jwk: JWK): Promise<oauth.ClientAuth> {
  const key = await importJWK(jwk, jwk.alg);
  if (key instanceof Uint8Array) throw new TypeError('the key of a client is an asymmetric private JWK');
  return oauth.PrivateKeyJwt({ key, ...(jwk.kid === undefined ? {} : { kid: jwk.kid }) });
}
