import { createECDH, createHash, createPublicKey, type ECDH } from 'node:crypto';
import { integer, sequence } from '../../../authority/tls/der.ts';

const curve = 'prime256v1';

/** The order of the curve's group (SEC 2, "secp256r1"). */
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

const coordinateBytes = 32;

/**
 * One key pair on P-256. The private half stays in here: nothing gives it out, and nothing prints it.
 * Its arithmetic takes a time that depends on the key, which no key of a real party may do.
 */
export class SigningKey {
  readonly #pair: ECDH;

  constructor() {
    this.#pair = createECDH(curve);
    this.#pair.generateKeys();
  }

  /** The public half as SubjectPublicKeyInfo in DER (RFC 5280 section 4.1). */
  publicKey(): Buffer {
    const point = this.#pair.getPublicKey();
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 1 + coordinateBytes).toString('base64url'),
      y: point.subarray(1 + coordinateBytes).toString('base64url'),
    };
    return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  }

  /** ECDSA with SHA-256 over the message, as DER. */
  signMessage(message: Uint8Array): Buffer {
    return this.signDigest(createHash('sha256').update(message).digest());
  }

  /**
   * ECDSA over a digest of 32 bytes, as DER (FIPS 186-5 section 6.4.1; RFC 3279 section 2.2.3). By hand: every way to sign
   * that Node has hashes first.
   */
  signDigest(digest: Uint8Array): Buffer {
    const secret = numberOf(this.#pair.getPrivateKey());
    for (;;) {
      const nonce = createECDH(curve);
      const r = numberOf(nonce.generateKeys().subarray(1, 1 + coordinateBytes)) % order;
      const s = (inverse(numberOf(nonce.getPrivateKey())) * (numberOf(digest) + r * secret)) % order;
      // one in 2^256, and the standard asks for another nonce
      if (r !== 0n && s !== 0n) return sequence(integer(bytesOf(r)), integer(bytesOf(s)));
    }
  }
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * coordinateBytes, '0'), 'hex');
}

/** Of a number that is not zero, modulo the order: by the extended algorithm of Euclid. */
function inverse(value: bigint): bigint {
  let [a, b] = [value, order];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % order) + order) % order;
}
