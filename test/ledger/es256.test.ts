import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rawFromDer } from '../../lib/ledger/es256.ts';

const toHex = (der: string): string => Buffer.from(rawFromDer(Buffer.from(der, 'hex'))).toString('hex');

describe('rawFromDer', () => {
  it('gives the signature of RFC 7515 appendix A.3, which verifies', () => {
    const raw =
      '0ed1215379636c483c2f7f155807d402a3b228033af97c7e17819ac3169ea665' +
      'c50a07d38c3c70e5d8f12daf084a5480a66590c5f293509a8f3f7f8a83a354d5';
    const der =
      '304502200ed1215379636c483c2f7f155807d402a3b228033af97c7e17819ac3169ea665' +
      '022100c50a07d38c3c70e5d8f12daf084a5480a66590c5f293509a8f3f7f8a83a354d5';
    expect(toHex(der)).toBe(raw);
    const key = createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
    });
    const input =
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
    const isValid = verify(
      'sha256',
      Buffer.from(input),
      { key, dsaEncoding: 'ieee-p1363' },
      rawFromDer(Buffer.from(der, 'hex')),
    );
    expect(isValid).toBe(true);
  });

  it.each([
    {
      what: 'numbers of one byte',
      der: '3006020101020102',
      raw: `${'00'.repeat(31)}01${'00'.repeat(31)}02`,
    },
    {
      what: 'a high bit, which DER pads',
      der: `3045022100${'80'}${'00'.repeat(31)}02207f${'ff'.repeat(31)}`,
      raw: `80${'00'.repeat(31)}7f${'ff'.repeat(31)}`,
    },
    {
      what: 'leading zeros, which DER drops',
      der: `3042022000${'ff'.repeat(31)}021e01${'ab'.repeat(29)}`,
      raw: `00${'ff'.repeat(31)}000001${'ab'.repeat(29)}`,
    },
  ])('takes $what', ({ der, raw }) => {
    expect(toHex(der)).toBe(raw);
  });

  it.each([
    { what: 'nothing', der: '' },
    { what: 'another tag', der: '3106020101020102' },
    { what: 'a wrong outer length', der: '3007020101020102' },
    { what: 'bytes after the end', der: '3007020101020102ff' },
    { what: 'one number', der: '3003020101' },
    { what: 'a third number', der: '3009020101020102020103' },
    { what: 'a negative number', der: '3006020180020102' },
    { what: 'padding that is not needed', der: '300702020001020102' },
    { what: 'an empty number', der: '30050200020102' },
    { what: 'a number that runs over the end', der: '3006020101020202' },
    { what: 'a number of 33 bytes', der: `302602${'21'}01${'00'.repeat(32)}020101` },
    { what: 'the long form of a length', der: '308106020101020102' },
    { what: 'another tag inside', der: '3006030101020102' },
  ])('refuses $what', ({ der }) => {
    expect(() => rawFromDer(Buffer.from(der, 'hex'))).toThrow('not a DER signature');
  });

  it('agrees with OpenSSL on signatures of a real key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const data = Buffer.from('entry');
    // short numbers come once in some hundred signatures
    for (let at = 0; at < 400; at += 1) {
      const raw = rawFromDer(sign('sha256', data, privateKey));
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
    }
  });
});
