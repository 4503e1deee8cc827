import { describe, expect, it } from 'vitest';
import { makeFingerprintKey, makeHandleKeys, publicHalf } from '../../lib/keys/key-pair.ts';
import { freshKeys } from './tokens.ts';

describe('publicHalf', () => {
  it('lets nothing out but the public members', async () => {
    const { publicKeys } = await freshKeys();
    expect(publicKeys.keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
    ]);
  });

  it('lets no value of a private member out, whatever its name', async () => {
    const { privateKeys } = await freshKeys();
    const [{ d = '' } = {}] = privateKeys.keys;
    const told = publicHalf({ keys: privateKeys.keys.map((key) => ({ ...key, oth: [], k: d, extra: d })) });
    expect(d).toHaveLength(43);
    expect(JSON.stringify(told)).not.toContain(d);
  });

  it('keeps every key of the set, in order', async () => {
    const sets = [await freshKeys(), await freshKeys()];
    const keys = sets.flatMap(({ privateKeys }) => privateKeys.keys);
    expect(publicHalf({ keys }).keys.map(({ kid }) => kid)).toEqual(keys.map(({ kid }) => kid));
  });
});

describe('makeHandleKeys', () => {
  it('makes one P-256 key for ECDH-ES', async () => {
    const { privateKeys } = await freshKeys();
    expect(privateKeys.keys).toMatchObject([{ kty: 'EC', crv: 'P-256', alg: 'ECDH-ES', use: 'enc' }]);
  });

  it('makes another key, with another kid, each time', async () => {
    const [a, b] = [await freshKeys(), await freshKeys()];
    expect(a.privateKeys.keys[0]?.kid).not.toBe(b.privateKeys.keys[0]?.kid);
  });

  it('gives the pair as a secret', async () => {
    expect(JSON.stringify(await makeHandleKeys())).toBe('"[secret]"');
  });
});

describe('makeFingerprintKey', () => {
  it('gives 256 bits, others each time', () => {
    const bits = () => Buffer.from(makeFingerprintKey().reveal(), 'base64url');
    expect(bits()).toHaveLength(32);
    expect(bits().equals(bits())).toBe(false);
  });
});
