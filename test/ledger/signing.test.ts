import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { kmsSigner } from '../../lib/aws/signing.ts';
import { readCheckpoint, signCheckpoint } from '../../lib/ledger/signed-checkpoint.ts';
import { at } from '../domain/objects.ts';
import { signDigest } from './sign-digest.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const arn = 'arn:aws:kms:eu-west-1:111122223333:key/1';

/** KMS behind the SDK's own client, one key, which keeps what it was asked. */
function kms(over: { readonly KeySpec?: string; readonly failures?: number } = {}) {
  const asked: object[] = [];
  let failures = over.failures ?? 0;
  const client = new KMSClient({ region: 'eu-west-1' });
  const answer = (command: unknown): object => {
    if (failures > 0) {
      failures -= 1;
      throw new Error('KMS is busy');
    }
    if (command instanceof GetPublicKeyCommand) {
      asked.push(command.input);
      const PublicKey = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }));
      return { KeyId: arn, PublicKey, KeySpec: over.KeySpec ?? 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
    }
    if (!(command instanceof SignCommand)) throw new Error('an operation that the signer has no use for');
    asked.push(command.input);
    const { d = '' } = pair.privateKey.export({ format: 'jwk' });
    return {
      KeyId: arn,
      Signature: new Uint8Array(signDigest(command.input.Message ?? new Uint8Array(), d)),
    };
  };
  client.send = (command: unknown) => Promise.resolve().then(() => answer(command)) as never;
  return { client, asked };
}

const said = { origin: 'rescind/test', size: 1, root: 'ab'.repeat(32), time: at, previous: null };

describe('kmsSigner', () => {
  it('gives the public key as a JWK that is named by its thumbprint', async () => {
    const { client } = kms();
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
    const jwk = { kty: 'EC', crv: 'P-256', x, y } as const;
    expect(await kmsSigner(client, 'alias/ledger').publicKey()).toEqual({
      ...jwk,
      kid: await calculateJwkThumbprint(jwk),
    });
  });

  it('has KMS sign a digest by the key that the public key came from, wherever the alias is by now', async () => {
    const { client, asked } = kms();
    const digest = createHash('sha256').update('text').digest();
    const raw = await kmsSigner(client, 'alias/ledger').sign(digest);
    expect(asked).toEqual([
      { KeyId: 'alias/ledger' },
      { KeyId: arn, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' },
    ]);
    const key = createPublicKey(pair.privateKey);
    expect(verify('sha256', Buffer.from('text'), { key, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
  });

  it('asks for the public key once, and again only after a failure', async () => {
    const { client, asked } = kms({ failures: 1 });
    const signer = kmsSigner(client, arn);
    await expect(signer.publicKey()).rejects.toThrow('busy');
    await signCheckpoint(said, signer);
    const jws = await signCheckpoint(said, signer);
    expect(asked.filter((input) => !('Message' in input))).toHaveLength(1);
    expect(readCheckpoint(jws)).toEqual(said);
  });

  it('refuses a key of another kind', async () => {
    const { client } = kms({ KeySpec: 'ECC_SECG_P256K1' });
    await expect(kmsSigner(client, arn).publicKey()).rejects.toThrow('ECC_NIST_P256');
  });
});
