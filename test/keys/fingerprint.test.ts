import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/domain/secret.ts';
import { fingerprint, fingerprintFor, fingerprintId } from '../../lib/keys/fingerprint.ts';

const key = new Secret('a key of these tests');
const told = createHash('sha256').update('a token with enough bits').digest('hex');

/** RFC 2104 by hand: H((K xor opad) || H((K xor ipad) || text)), blocks of 64 bytes. */
function hmacByHand(secret: string, text: string): string {
  const block = Buffer.alloc(64);
  block.write(secret, 'utf8');
  const pad = (byte: number) => Buffer.from(block.map((value) => value ^ byte));
  const hash = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  return hash(pad(0x5c), hash(pad(0x36), Buffer.from(text, 'ascii'))).toString('hex');
}

describe('fingerprint', () => {
  it("is HMAC-SHA-256 over the sender's hex digits", () => {
    expect(fingerprint(key, told)).toBe(hmacByHand('a key of these tests', told));
  });

  // RFC 4231 test case 2, which uses a text where we use hex digits: the bytes are hashed as they are.
  it('agrees with a published vector', () => {
    expect(fingerprint(new Secret('Jefe'), 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('depends on the key', () => {
    expect(fingerprint(new Secret('another'), told)).not.toBe(fingerprint(key, told));
  });

  it("is not the sender's hash", () => {
    expect(fingerprint(key, told)).not.toContain(told);
    expect(fingerprint(key, told)).toBe(createHmac('sha256', key.reveal()).update(told).digest('hex'));
  });
});

describe('fingerprintFor', () => {
  it('is what no announced hash leads to, and differs by purpose', () => {
    const hash = createHash('sha256').update('customer:alice').digest('hex');
    const prints = [
      fingerprint(key, hash),
      fingerprintFor('customer', key, hash),
      fingerprintFor('announcement', key, hash),
      fingerprintFor('customer', key, 'alice'),
    ];
    expect(new Set(prints).size).toBe(4);
    expect(prints[1]).toBe(hmacByHand('a key of these tests', `customer\0${hash}`));
  });
});

describe('fingerprintId', () => {
  it('says that it is a fingerprint', () => {
    expect(fingerprintId('ab12')).toBe('fp-ab12');
  });
});
