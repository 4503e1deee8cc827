import { createECDH, randomBytes } from 'node:crypto';

/** The order of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * ECDSA over a digest that is given (FIPS 186-5 section 6.4.1), as DER: what KMS does with MessageType DIGEST, and what
 * node:crypto does not offer, for it hashes whatever it signs. `d` is the private number of the JWK.
 */
export function signDigest(digest: Uint8Array, d: string): Buffer {
  const key = numberOf(Buffer.from(d, 'base64url'));
  const hashed = numberOf(digest);
  for (;;) {
    const nonce = numberOf(randomBytes(32)) % order;
    if (nonce === 0n) continue;
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(bytesOf(nonce));
    // uncompressed point: 04, x, y
    const r = numberOf(ecdh.getPublicKey().subarray(1, 33)) % order;
    const s = (power(nonce, order - 2n) * (hashed + r * key)) % order;
    if (r === 0n || s === 0n) continue;
    const body = Buffer.concat([integer(r), integer(s)]);
    return Buffer.concat([Buffer.of(0x30, body.length), body]);
  }
}

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(0x02, padded.length), padded]);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % order;
    square = (square * square) % order;
  }
  return result;
}
