import * as z from 'zod';
import { AwsError } from '../../service.ts';

const keyId = z.string().min(1).max(2048);

/** KMS API Reference, "Sign": all that the wire allows; which of them fits a key is the key's affair. */
const signingAlgorithm = z.enum([
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'ECDSA_SHA_256',
  'ECDSA_SHA_384',
  'ECDSA_SHA_512',
  'SM2DSA',
  'ML_DSA_SHAKE_256',
  'ED25519_SHA_512',
  'ED25519_PH_SHA_512',
]);

/** A larger message is signed by its digest. */
const messageBytesMax = 4096;

const message = z
  .base64()
  .transform((value) => Buffer.from(value, 'base64'))
  .refine((bytes) => bytes.length >= 1 && bytes.length <= messageBytesMax);

/** The requests that are understood, by operation; other members are ignored. */
const requests = {
  DescribeKey: z.object({ KeyId: keyId }),
  GetPublicKey: z.object({ KeyId: keyId }),
  Sign: z.object({
    KeyId: keyId,
    Message: message,
    MessageType: z.enum(['RAW', 'DIGEST', 'EXTERNAL_MU']).default('RAW'),
    SigningAlgorithm: signingAlgorithm,
  }),
};

type Requests = typeof requests;
export type RequestName = keyof Requests;
export type Request<Name extends RequestName> = z.infer<Requests[Name]>;

/** Reads a request or answers `ValidationException`; the message names the member, never its value. */
export function parseRequest<Name extends RequestName>(name: Name, input: unknown): Request<Name> {
  const parsed = requests[name].safeParse(input);
  if (parsed.success) return parsed.data as Request<Name>;
  const member = String(parsed.error.issues[0]?.path[0] ?? 'request');
  throw new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${member.charAt(0).toLowerCase()}${member.slice(1)}' ` +
      'failed to satisfy constraint',
  );
}
