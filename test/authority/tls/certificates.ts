import { createHash, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import * as der from './der.ts';

/** PEM texts. */
export interface AuthorityCertificates {
  /** The only one that vouches for `cert`; hand it to clients as an egress rule's `ca`. */
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

interface Body {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

const dayMs = 24 * 60 * 60 * 1000;
const yearMs = 365 * dayMs;
const caName = 'Rescind local authorities';
const ecdsaWithSha256 = der.sequence(der.oid('1.2.840.10045.4.3.2'));

/**
 * Makes a P-256 certificate (RFC 5280) for 127.0.0.1 and localhost, and the CA behind it, whose key is forgotten at
 * once. They hold from a day before real time, because TLS checks by the machine's clock whatever the world's clock
 * says, to decades after `now` (milliseconds), so that no jump of the world's clock outlives them.
 */
export async function makeAuthorityCertificates(now: number = Date.now()): Promise<AuthorityCertificates> {
  const validity = { notBefore: Date.now() - dayMs, notAfter: Math.max(now, Date.now()) + 30 * yearMs };
  const [caKeys, keys] = await Promise.all([newKeys(), newKeys()]);
  const caKeyId = keyIdOf(caKeys.publicKey);
  const ca = certify(caKeys.privateKey, {
    subject: caName,
    issuer: caName,
    ...validity,
    publicKey: caKeys.publicKey,
    extensions: [
      extension('2.5.29.19', der.sequence(der.truth(), der.integer(Buffer.of(0))), { critical: true }),
      // keyCertSign, cRLSign
      extension('2.5.29.15', der.bits(Buffer.of(0b0000_0110), 1), { critical: true }),
      extension('2.5.29.14', der.octets(caKeyId)),
    ],
  });
  const cert = certify(caKeys.privateKey, {
    subject: 'localhost',
    issuer: caName,
    ...validity,
    publicKey: keys.publicKey,
    extensions: [
      extension('2.5.29.19', der.sequence(), { critical: true }),
      // digitalSignature
      extension('2.5.29.15', der.bits(Buffer.of(0b1000_0000), 7), { critical: true }),
      // serverAuth
      extension('2.5.29.37', der.sequence(der.oid('1.3.6.1.5.5.7.3.1'))),
      // iPAddress, dNSName
      extension(
        '2.5.29.17',
        der.sequence(der.tagged(7, Buffer.of(127, 0, 0, 1)), der.tagged(2, Buffer.from('localhost'))),
      ),
      extension('2.5.29.35', der.sequence(der.tagged(0, caKeyId))),
    ],
  });
  return { ca, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
}

function newKeys() {
  return promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
}

/** RFC 5280 section 4.1. */
function certify(signer: KeyObject, body: Body): string {
  const signed = der.sequence(
    der.tagged(0, der.integer(Buffer.of(2)), { constructed: true }),
    der.integer(randomBytes(16)),
    ecdsaWithSha256,
    nameOf(body.issuer),
    der.sequence(der.time(body.notBefore), der.time(body.notAfter)),
    nameOf(body.subject),
    spkiOf(body.publicKey),
    der.tagged(3, der.sequence(...body.extensions), { constructed: true }),
  );
  const signature = sign('sha256', signed, { key: signer, dsaEncoding: 'der' });
  return toPem(der.sequence(signed, ecdsaWithSha256, der.bits(signature)));
}

function nameOf(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.text(commonName))));
}

function extension(id: string, value: Buffer, options: { readonly critical?: boolean } = {}): Buffer {
  return der.sequence(der.oid(id), ...(options.critical ? [der.truth()] : []), der.octets(value));
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

/** Any number that tells two CAs apart will do. */
function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha256').update(spkiOf(key)).digest().subarray(0, 20);
}

function toPem(encoded: Buffer): string {
  const lines = encoded.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
