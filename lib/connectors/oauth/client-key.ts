import { importJWK } from 'jose';
import type { PrivateKey } from 'oauth4webapi';
import * as z from 'zod';
import type { Secret } from '../../domain/secret.ts';

const privateJwk = z.looseObject({
  kty: z.string(),
  kid: z.string().min(1),
  alg: z.string().min(1),
  d: z.string().min(1),
});

/**
 * Turns a client's secret (a JSON private JWK with `kid` and `alg`) into its signing key.
 * Gives undefined for anything else, because an error of the parser would quote the secret.
 */
export async function readClientKey(secret: Secret): Promise<PrivateKey | undefined> {
  try {
    const jwk = privateJwk.parse(JSON.parse(secret.reveal()));
    const key = await importJWK(jwk, jwk.alg);
    return key instanceof Uint8Array ? undefined : { key, kid: jwk.kid };
  } catch {
    return undefined;
  }
}
