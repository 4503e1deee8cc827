import { randomBytes } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import * as z from 'zod';
import { Secret } from '../domain/secret.ts';

/** A fresh P-256 pair for handles, as a private JWK set in JSON; `kid` is the RFC 7638 thumbprint. */
export async function makeHandleKeys(): Promise<Secret> {
  const { privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return new Secret(JSON.stringify({ keys: [{ ...jwk, kid, use: 'enc', alg: 'ECDH-ES' }] }));
}

/** 256 random bits for fingerprints. */
export function makeFingerprintKey(): Secret {
  return new Secret(randomBytes(32).toString('base64url'));
}

/** The public half of a private JWK set, ready to publish: only the members named here leave. */
export function publicHalf(privateKeys: { readonly keys: readonly JWK[] }): { readonly keys: JWK[] } {
  return {
    keys: privateKeys.keys.map((jwk) => {
      const { kty = '', crv = '', x = '', y = '', kid = '' } = jwk;
      return { kty, crv, x, y, kid, use: 'enc', alg: 'ECDH-ES' };
    }),
  };
}

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })).min(1) });

/** The private JWK set that `makeHandleKeys` wrote. Says nothing of what it read: errors of JSON.parse quote their input. */
export function readHandleKeys(secret: Secret): { readonly keys: JWK[] } {
  try {
    return { keys: keySet.parse(JSON.parse(secret.reveal())).keys as JWK[] };
  } catch {
    throw new Error(
      'the secret of the handle keys is no private JWK set: restore the version that keep-keys wrote',
    );
  }
}
