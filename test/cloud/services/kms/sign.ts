import { AwsError } from '../../service.ts';
import { type PairKey, refuseDisabled, signingAlgorithms } from './key.ts';
import type { KeyStore } from './key-store.ts';
import type { Request } from './requests.ts';

/** SHA-256's. */
const digestBytes = 32;

/** KMS API Reference, "Sign": `RAW` is hashed here, `DIGEST` is signed as it comes; the signature is DER. */
export function sign(store: KeyStore, request: Request<'Sign'>): object {
  const key = signingKey(store, request);
  return {
    KeyId: key.arn,
    Signature: signatureOf(key, request).toString('base64'),
    SigningAlgorithm: request.SigningAlgorithm,
  };
}

function signingKey(store: KeyStore, { KeyId, SigningAlgorithm }: Request<'Sign'>): PairKey {
  const key = store.find(KeyId);
  refuseDisabled(key);
  if (key.spec !== 'ECC_NIST_P256')
    throw new AwsError(
      'InvalidKeyUsageException',
      `${key.arn} key usage is ${key.usage} which is not valid for Sign.`,
    );
  if (!signingAlgorithms.some((algorithm) => algorithm === SigningAlgorithm))
    throw new AwsError(
      'InvalidKeyUsageException',
      `Algorithm ${SigningAlgorithm} is incompatible with key spec ${key.spec}.`,
    );
  return key;
}

function signatureOf({ pair }: PairKey, request: Request<'Sign'>): Buffer {
  const { Message: message, MessageType: type, SigningAlgorithm: algorithm } = request;
  switch (type) {
    case 'RAW':
      return pair.signMessage(message);
    case 'DIGEST':
      if (message.length === digestBytes) return pair.signDigest(message);
      throw new AwsError('ValidationException', `Digest is invalid length for algorithm ${algorithm}.`);
    case 'EXTERNAL_MU':
      throw new AwsError('ValidationException', `MessageType ${type} is not valid for ${algorithm}.`);
  }
}
