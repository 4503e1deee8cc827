import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeAuthorityCertificates } from './certificates.ts';
import * as der from './der.ts';

const yearMs = 365 * 24 * 60 * 60 * 1000;

describe('makeAuthorityCertificates', () => {
  it('makes a certificate for loopback that its CA vouches for', async () => {
    const made = await makeAuthorityCertificates();
    const [ca, cert] = [new X509Certificate(made.ca), new X509Certificate(made.cert)];
    expect(ca.ca).toBe(true);
    expect(cert.ca).toBe(false);
    expect(cert.checkIssued(ca)).toBe(true);
    expect(cert.verify(ca.publicKey)).toBe(true);
    expect(cert.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(cert.checkIP('127.0.0.2')).toBeUndefined();
    expect(cert.checkHost('localhost')).toBe('localhost');
    expect(cert.checkHost('bank.example')).toBeUndefined();
    expect(cert.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
  });

  it('makes another CA each time, which vouches for nothing of the first', async () => {
    const [one, two] = [await makeAuthorityCertificates(), await makeAuthorityCertificates()];
    expect(new X509Certificate(one.cert).verify(new X509Certificate(two.ca).publicKey)).toBe(false);
  });

  it('holds in real time and decades after a world that is far ahead', async () => {
    const ahead = Date.now() + 10 * yearMs;
    const { cert } = await makeAuthorityCertificates(ahead);
    const { validFrom, validTo } = new X509Certificate(cert);
    expect(Date.parse(validFrom)).toBeLessThan(Date.now());
    expect(Date.parse(validTo)).toBeGreaterThan(ahead + 29 * yearMs);
  });
});

// Bytes from X.690 section 8 and from what `openssl asn1parse` shows of the same values.
describe('der', () => {
  it.each([
    ['an object identifier', der.oid('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
    ['zero', der.integer(Buffer.of(0)), '020100'],
    ['a number with its highest bit set', der.integer(Buffer.of(0, 0x80)), '02020080'],
    ['a number with leading zeros', der.integer(Buffer.of(0, 0, 1)), '020101'],
    ['a short length', der.octets(Buffer.alloc(1)), '040100'],
    ['the year 2049', der.time(Date.UTC(2049, 11, 31, 23, 59, 59)), '170d3439313233313233353935395a'],
    ['the year 2050', der.time(Date.UTC(2050, 0, 1)), '180f32303530303130313030303030305a'],
    ['a tag that holds encodings', der.tagged(3, der.truth(), { constructed: true }), 'a3030101ff'],
  ])('encodes %s', (_what, encoded, hex) => expect(encoded.toString('hex')).toBe(hex));

  it('encodes lengths of 128 and more in their own bytes', () => {
    expect(der.octets(Buffer.alloc(127)).subarray(0, 2).toString('hex')).toBe('047f');
    expect(der.octets(Buffer.alloc(128)).subarray(0, 3).toString('hex')).toBe('048180');
    expect(der.octets(Buffer.alloc(256)).subarray(0, 4).toString('hex')).toBe('04820100');
  });
});
