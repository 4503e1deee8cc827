import { AwsError } from '../../service.ts';
import { encryptionAlgorithms, type Key, refuseDisabled, signingAlgorithms } from './key.ts';
import type { KeyStore } from './key-store.ts';
import type { Request } from './requests.ts';

/** KMS API Reference, "DescribeKey": also of a disabled key. */
export function describeKey(store: KeyStore, account: string, request: Request<'DescribeKey'>): object {
  const key = store.find(request.KeyId);
  return {
    KeyMetadata: {
      AWSAccountId: account,
      KeyId: key.id,
      Arn: key.arn,
      CreationDate: key.createdAt / 1000,
      Enabled: key.enabled,
      Description: '',
      KeyState: key.enabled ? 'Enabled' : 'Disabled',
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      MultiRegion: false,
      ...kindOf(key),
    },
  };
}

/** KMS API Reference, "GetPublicKey": SubjectPublicKeyInfo in DER. */
export function getPublicKey(store: KeyStore, request: Request<'GetPublicKey'>): object {
  const key = store.find(request.KeyId);
  refuseDisabled(key);
  if (key.spec !== 'ECC_NIST_P256')
    throw new AwsError('UnsupportedOperationException', `${key.arn} has no public key: it is ${key.spec}.`);
  return { KeyId: key.arn, PublicKey: key.pair.publicKey().toString('base64'), ...kindOf(key) };
}

function kindOf(key: Key): object {
  const kind = { KeySpec: key.spec, CustomerMasterKeySpec: key.spec, KeyUsage: key.usage };
  return key.spec === 'ECC_NIST_P256'
    ? { ...kind, SigningAlgorithms: signingAlgorithms }
    : { ...kind, EncryptionAlgorithms: encryptionAlgorithms };
}
