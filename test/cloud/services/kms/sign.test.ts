import { createHash, createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SigningKey } from './signing-key.ts';
import { keyArn, keyId, newWorld, symmetricArn } from './rig.ts';

const sha256 = (message: Uint8Array) => createHash('sha256').update(message).digest();

const publicKeyOf = (der: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });

async function publicKey(client: KMSClient): Promise<KeyObject> {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
  return publicKeyOf(PublicKey ?? new Uint8Array());
}

const signing = (input: Partial<SignCommand['input']>) =>
  new SignCommand({
    KeyId: keyId,
    Message: randomBytes(32),
    MessageType: 'DIGEST',
    SigningAlgorithm: 'ECDSA_SHA_256',
    ...input,
  });

describe('Sign', () => {
  it('signs a digest as it comes: the signature is one over the message that it was made from', async () => {
    const { client } = await newWorld();
    const message = Buffer.from('a checkpoint');
    const signed = await client.send(signing({ Message: sha256(message) }));
    expect(signed).toMatchObject({ KeyId: keyArn, SigningAlgorithm: 'ECDSA_SHA_256' });
    const key = await publicKey(client);
    const signature = signed.Signature ?? new Uint8Array();
    expect(verify('sha256', message, key, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('another checkpoint'), key, signature)).toBe(false);
  });

  it('hashes a raw message itself, also where it was given no type, up to 4096 bytes', async () => {
    const { client } = await newWorld();
    const key = await publicKey(client);
    for (const MessageType of ['RAW', undefined] as const) {
      const message = randomBytes(4096);
      const { Signature } = await client.send(signing({ Message: message, MessageType }));
      expect(verify('sha256', message, key, Signature ?? new Uint8Array())).toBe(true);
    }
    await expect(
      client.send(signing({ Message: randomBytes(4097), MessageType: 'RAW' })),
    ).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining("'message'") });
  });

  it.each([0, 20, 31, 33, 64])('refuses a digest of %i bytes', async (length) => {
    const { client } = await newWorld();
    await expect(client.send(signing({ Message: randomBytes(length) }))).rejects.toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('refuses an algorithm that the key does not have, and one that nobody has', async () => {
    const { client } = await newWorld();
    await expect(
      client.send(signing({ SigningAlgorithm: 'RSASSA_PSS_SHA_256', Message: randomBytes(32) })),
    ).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
    const unknown = { SigningAlgorithm: 'HS256' as 'ECDSA_SHA_256' };
    await expect(client.send(signing(unknown))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses to sign with a symmetric key', async () => {
    const { client } = await newWorld();
    await expect(client.send(signing({ KeyId: symmetricArn }))).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: `${symmetricArn} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
    });
  });

  it('refuses while the key is disabled', async () => {
    const { client, kms } = await newWorld();
    kms.setEnabled('alias/ledger', false);
    await expect(client.send(signing({}))).rejects.toMatchObject({
      name: 'DisabledException',
      message: `${keyArn} is disabled.`,
    });
    kms.setEnabled('alias/ledger', true);
    await client.send(signing({}));
  });
});

describe('SigningKey', () => {
  const messages = fc.uint8Array({ maxLength: 200 });
  const isMinimalInteger = (der: Buffer, at: number): boolean => {
    const [tag, length = 0, first = 0, second = 0] = der.subarray(at);
    const padded = first === 0 && length > 1;
    return tag === 2 && length >= 1 && length <= 33 && (padded ? second >= 0x80 : first < 0x80);
  };

  it('makes signatures that node:crypto verifies, for any digest', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const key = new SigningKey();
        const signature = key.signDigest(sha256(message));
        expect(verify('sha256', message, publicKeyOf(key.publicKey()), signature)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('writes them in the one DER that there is for two numbers', () => {
    const key = new SigningKey();
    fc.assert(
      fc.property(messages, (message) => {
        const der = key.signMessage(message);
        expect([der[0], der[1]]).toEqual([0x30, der.length - 2]);
        expect(isMinimalInteger(der, 2)).toBe(true);
        expect(isMinimalInteger(der, 4 + (der[3] ?? 0))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('makes signatures that fail for another digest and for another key', () => {
    fc.assert(
      fc.property(messages, fc.nat({ max: 255 }), (message, bit) => {
        const key = new SigningKey();
        const digest = sha256(message);
        digest[bit >> 3] = (digest[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(verify('sha256', message, publicKeyOf(key.publicKey()), key.signDigest(digest))).toBe(false);
        const other = publicKeyOf(new SigningKey().publicKey());
        expect(verify('sha256', message, other, key.signMessage(message))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('never signs with the same nonce twice, which would give the key away', () => {
    const key = new SigningKey();
    const digest = sha256(Buffer.from('again'));
    const signatures = Array.from({ length: 50 }, () => key.signDigest(digest));
    const rs = signatures.map((der) => der.subarray(4, 4 + (der[3] ?? 0)).toString('hex'));
    expect(new Set(rs).size).toBe(50);
  });

  it('shows nothing of its private half', () => {
    const key = new SigningKey();
    expect(inspect(key, { depth: 9, showHidden: true })).toBe('SigningKey {}');
    expect(JSON.stringify(key)).toBe('{}');
  });
});
