import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { rawFromDer } from '../../lib/ledger/es256.ts';
import {
  type PublicKey,
  publicKey as publicKeySchema,
  type Signer,
} from '../../lib/ledger/signed-checkpoint.ts';
import { signDigest } from './sign-digest.ts';

/**
 * KMS with one real P-256 key, as the flow sees it: signs digests, in DER. The same digest gets the same signature each
 * time, so that whole tables can be compared.
 */
export async function makeSigner(): Promise<{ readonly signer: Signer; readonly key: PublicKey }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { d = '' } = privateKey.export({ format: 'jwk' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const jwk = { kty: 'EC', crv: 'P-256', x, y };
  const key = publicKeySchema.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
  const signed = new Map<string, Buffer>();
  const sign: Signer['sign'] = (digest) => {
    const name = Buffer.from(digest).toString('hex');
    const der = signed.get(name) ?? signDigest(digest, d);
    signed.set(name, der);
    return Promise.resolve(rawFromDer(der));
  };
  return { signer: { publicKey: () => Promise.resolve(key), sign }, key };
}
