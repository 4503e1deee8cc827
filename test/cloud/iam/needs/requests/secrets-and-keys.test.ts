import { describe, expect, it } from 'vitest';
import { neededFor } from '../requests.ts';
import { directory, ledgerKey, rotator, secretArn } from '../../directory.ts';
import { neededBy } from './needed.ts';
import { account, region } from '../../language/statements.ts';

describe('Secrets Manager asks', () => {
  const name = 'rescind/client/acme/key';

  it.each([name, secretArn, secretArn.slice(0, -7)])(
    'for the whole ARN of a secret that is called %s',
    (SecretId) => {
      expect(neededBy('secretsmanager', 'DescribeSecret', { SecretId })).toEqual([
        {
          action: 'secretsmanager:DescribeSecret',
          resource: secretArn,
          context: { 'secretsmanager:SecretId': SecretId },
        },
      ]);
    },
  );

  it('for an ARN without the six characters where there is no such secret', () => {
    const [one] = neededFor(
      { service: 'secretsmanager', operation: 'GetSecretValue', input: { SecretId: 'rescind/client/x/key' } },
      directory,
    );
    expect(one?.resource).toBe(`arn:aws:secretsmanager:${region}:${account}:secret:rescind/client/x/key`);
    expect(one?.shownAs).toBe('rescind/client/x/key');
  });

  it.each<[string, object, object]>([
    ['GetSecretValue', { VersionStage: 'AWSPENDING' }, { 'secretsmanager:VersionStage': 'AWSPENDING' }],
    ['GetSecretValue', { VersionId: 'v1' }, { 'secretsmanager:VersionId': 'v1' }],
    ['GetSecretValue', {}, {}],
    ['PutSecretValue', { SecretString: 'x' }, {}],
    [
      'UpdateSecretVersionStage',
      { VersionStage: 'AWSCURRENT' },
      { 'secretsmanager:VersionStage': 'AWSCURRENT' },
    ],
    ['RotateSecret', { RotationLambdaARN: rotator }, { 'secretsmanager:RotationLambdaARN': rotator }],
  ])('for %s with %j', (operation, input, context) => {
    expect(neededBy('secretsmanager', operation, { SecretId: name, ...input })).toEqual([
      {
        action: `secretsmanager:${operation}`,
        resource: secretArn,
        context: { 'secretsmanager:SecretId': name, ...context },
      },
    ]);
  });
});

describe('KMS asks', () => {
  const caller = { 'kms:CallerAccount': account };

  it.each([
    [ledgerKey, {}],
    ['ledger', {}],
    ['alias/ledger', { 'kms:RequestAlias': 'alias/ledger' }],
    [`arn:aws:kms:${region}:${account}:alias/ledger`, { 'kms:RequestAlias': 'alias/ledger' }],
  ])('for the key itself where it is called %s', (KeyId, alias) => {
    expect(neededBy('kms', 'GetPublicKey', { KeyId })).toEqual([
      { action: 'kms:GetPublicKey', resource: ledgerKey, context: { ...caller, ...alias } },
    ]);
  });

  it.each<[string, object, object]>([
    [
      'Sign',
      { SigningAlgorithm: 'ECDSA_SHA_256', MessageType: 'DIGEST' },
      { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' },
    ],
    [
      'Sign',
      { SigningAlgorithm: 'ECDSA_SHA_256' },
      { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'RAW' },
    ],
    ['DescribeKey', {}, {}],
    [
      'Decrypt',
      { EncryptionContext: { of: 'x' } },
      { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT', 'kms:EncryptionContext:of': 'x' },
    ],
    ['GenerateDataKey', { EncryptionContext: { of: 'x' } }, { 'kms:EncryptionContext:of': 'x' }],
  ])('for %s with %j', (operation, input, context) => {
    expect(neededBy('kms', operation, { KeyId: 'ledger', ...input })).toEqual([
      { action: `kms:${operation}`, resource: ledgerKey, context: { ...caller, ...context } },
    ]);
  });
});
