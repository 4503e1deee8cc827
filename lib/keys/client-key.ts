import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import * as z from 'zod';
import { Secret } from '../domain/secret.ts';

/** A client's key, named and without its private half. */
export interface PublicKey {
  /** RFC 7638 thumbprint for a key that was made here. */
  readonly kid: string;
  readonly jwk: JWK;
}

/** A fresh key for `private_key_jwt` by ES256, as a JSON private JWK; `kid` is its RFC 7638 thumbprint. */
export async function makeClientKey(): Promise<Secret> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return new Secret(JSON.stringify({ ...jwk, kid, use: 'sig', alg: 'ES256' }));
}

const named = z.object({ kid: z.string().min(1) });
const p256 = named.extend({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().min(1),
  y: z.string().min(1),
});

/** The `kid` of a stored key; undefined for what is no JWK, because errors of JSON.parse quote their input. */
export const kidOf = (key: Secret): string | undefined => parse(key, named)?.kid;

/** The public half of a key that `makeClientKey` made: only the members named here leave. Undefined for any other. */
export function publicHalfOf(key: Secret): PublicKey | undefined {
  const read = parse(key, p256);
  if (!read) return undefined;
  const { kid, kty, crv, x, y } = read;
  return { kid, jwk: { kty, crv, x, y, kid, use: 'sig', alg: 'ES256' } };
}

function parse<Schema extends z.ZodType>(key: Secret, schema: Schema): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(key.reveal())).data;
  } catch {
    return undefined;
  }
}
