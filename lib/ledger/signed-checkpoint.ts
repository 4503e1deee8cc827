import { createHash } from 'node:crypto';
import { base64url, compactVerify, importJWK } from 'jose';
import * as z from 'zod';
import type { Checkpoint } from '../domain/ledger/checkpoint.ts';
import { canonical } from '../wire/digest.ts';

export const checkpointType = 'rescind-checkpoint+jws';

export const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');

/** A public P-256 key; `kid` is its RFC 7638 thumbprint. */
export const publicKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  kid: z.string(),
});
export type PublicKey = z.infer<typeof publicKey>;

/** Signs with a key that does not leave its holder. */
export interface Signer {
  publicKey(): Promise<PublicKey>;
  /** ES256 over a SHA-256 digest; gives r‖s, 64 bytes. */
  sign(digest: Uint8Array): Promise<Uint8Array>;
}

const checkpoint = z.strictObject({
  origin: z.string().min(1),
  size: z.int().min(1),
  root: hash,
  time: z.iso.datetime(),
  previous: hash.nullable(),
}) satisfies z.ZodType<Checkpoint>;

/**
 * The checkpoint as a compact JWS (ES256, payload RFC 8785). What does not verify under the signer's own public key
 * is an error: a checkpoint is put once and stays.
 */
export async function signCheckpoint(said: Checkpoint, signer: Signer): Promise<string> {
  const key = await signer.publicKey();
  const header = canonical({ alg: 'ES256', kid: key.kid, typ: checkpointType });
  const input = `${base64url.encode(header)}.${base64url.encode(canonical(checkpoint.parse(said)))}`;
  const signature = await signer.sign(createHash('sha256').update(input, 'ascii').digest());
  const jws = `${input}.${base64url.encode(signature)}`;
  await compactVerify(jws, await importJWK(key, 'ES256'), { algorithms: ['ES256'] });
  return jws;
}

/** What a checkpoint says, without looking at its signature; undefined where it says nothing that we know. */
export function readCheckpoint(jws: string): Checkpoint | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(base64url.decode(jws.split('.')[1] ?? ''));
    const said = checkpoint.safeParse(JSON.parse(text));
    return said.success && canonical(said.data) === text ? said.data : undefined;
  } catch {
    return undefined;
  }
}
