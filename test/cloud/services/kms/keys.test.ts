import { createPublicKey } from 'node:crypto';
import { DescribeKeyCommand, EncryptCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { aliasArn, keyArn, keyId, newWorld, symmetricArn } from './rig.ts';

describe('a KeyId', () => {
  it.each([keyId, keyArn, 'alias/ledger', aliasArn])('is found as %s', async (KeyId) => {
    const { client } = await newWorld();
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata?.Arn).toBe(keyArn);
  });

  it.each([
    ['ledger', "Key 'arn:aws:kms:eu-west-1:000000000000:key/ledger' does not exist"],
    ['alias/nobody', 'Alias arn:aws:kms:eu-west-1:000000000000:alias/nobody is not found.'],
    [
      keyArn.replace('eu-west-1', 'eu-west-2'),
      `Key '${keyArn.replace('eu-west-1', 'eu-west-2')}' does not exist`,
    ],
    [keyArn.replace(':key/', ':'), `Key '${keyArn.replace(':key/', ':')}' does not exist`],
  ])('is not found as %s', async (KeyId, message) => {
    const { client } = await newWorld();
    await expect(client.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: 'NotFoundException',
      message,
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('that is empty is refused by the name of the member', async () => {
    const { client } = await newWorld();
    await expect(client.send(new DescribeKeyCommand({ KeyId: '' }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("'keyId'"),
    });
  });
});

describe('DescribeKey', () => {
  it('tells what a key is and whether it may be used', async () => {
    const { client, kms, clock } = await newWorld();
    const describeKey = async (KeyId: string) =>
      (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
    const ledger = await describeKey('alias/ledger');
    expect(ledger).toMatchObject({
      AWSAccountId: '000000000000',
      KeyId: keyId,
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: ['ECDSA_SHA_256'],
      Enabled: true,
      KeyState: 'Enabled',
    });
    expect(Math.abs(Number(ledger?.CreationDate) - clock.now())).toBeLessThan(2_000);
    expect(await describeKey('tables')).toMatchObject({
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    });
    kms.setEnabled(keyId, false);
    expect(await describeKey(keyArn)).toMatchObject({ Enabled: false, KeyState: 'Disabled' });
  });
});

describe('GetPublicKey', () => {
  it('gives SubjectPublicKeyInfo, the same each time, and another one for another key', async () => {
    const { client, kms } = await newWorld();
    const read = (KeyId: string) => client.send(new GetPublicKeyCommand({ KeyId }));
    const first = await read(aliasArn);
    expect(first).toMatchObject({
      KeyId: keyArn,
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      SigningAlgorithms: ['ECDSA_SHA_256'],
    });
    const der = Buffer.from(first.PublicKey ?? []);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect((await read(keyId)).PublicKey).toEqual(first.PublicKey);
    const other = await read(kms.createKey({ spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY' }));
    expect(other.PublicKey).not.toEqual(first.PublicKey);
  });

  it('has none of a symmetric key, and gives none of a disabled one', async () => {
    const { client, kms } = await newWorld();
    await expect(client.send(new GetPublicKeyCommand({ KeyId: symmetricArn }))).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    kms.setEnabled(keyId, false);
    await expect(client.send(new GetPublicKeyCommand({ KeyId: keyId }))).rejects.toMatchObject({
      name: 'DisabledException',
    });
  });
});

describe('making keys', () => {
  it('refuses a second key of one id, a second alias of one name, and an alias of no key', async () => {
    const { kms } = await newWorld();
    const kind = { spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY' } as const;
    expect(() => kms.createKey({ id: keyId, ...kind })).toThrow('exists already');
    expect(() => kms.createAlias('alias/ledger', keyId)).toThrow('already exists');
    expect(() => kms.createAlias('alias/other', 'nobody')).toThrow('does not exist');
    expect(() => kms.createAlias('ledger', keyId)).toThrow('is no name of an alias');
  });
});

it('an operation that is not here is refused by name', async () => {
  const { client } = await newWorld();
  await expect(
    client.send(new EncryptCommand({ KeyId: symmetricArn, Plaintext: Buffer.from('x') })),
  ).rejects.toMatchObject({ name: 'UnknownOperationException' });
});
