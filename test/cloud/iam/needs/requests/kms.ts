import * as z from 'zod';
import { encryptionContext } from '../../language/condition-keys.ts';
import { contextOf, type Directory, type Needs } from '../../language/authorization.ts';

const onKey = z.object({ KeyId: z.string().min(1) });
const sign = onKey.extend({
  SigningAlgorithm: z.string(),
  // KMS API Reference, "Sign": what it is where nothing is said
  MessageType: z.string().default('RAW'),
});
const encrypting = onKey.extend({ EncryptionContext: z.record(z.string(), z.string()).default({}) });
const decrypt = encrypting.extend({ EncryptionAlgorithm: z.string().default('SYMMETRIC_DEFAULT') });

/**
 * https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 * A key is asked for by its own ARN, whatever it was called by. Decrypt has to name its key here: the ciphertext does not
 * tell it to us.
 */
export const kmsNeeds: Needs = {
  DescribeKey: (input, directory) => toKey('DescribeKey', onKey.parse(input).KeyId, directory),
  GetPublicKey: (input, directory) => toKey('GetPublicKey', onKey.parse(input).KeyId, directory),
  Sign: (input, directory) => {
    const { KeyId, SigningAlgorithm, MessageType } = sign.parse(input);
    return toKey('Sign', KeyId, directory, {
      'kms:SigningAlgorithm': SigningAlgorithm,
      'kms:MessageType': MessageType,
    });
  },
  Decrypt: (input, directory) => {
    const { KeyId, EncryptionAlgorithm, EncryptionContext } = decrypt.parse(input);
    return toKey('Decrypt', KeyId, directory, {
      'kms:EncryptionAlgorithm': EncryptionAlgorithm,
      ...prefixed(EncryptionContext),
    });
  },
  GenerateDataKey: (input, directory) => {
    const { KeyId, EncryptionContext } = encrypting.parse(input);
    return toKey('GenerateDataKey', KeyId, directory, prefixed(EncryptionContext));
  },
};

/** An encryption context as condition keys. */
export function prefixed(context: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [`${encryptionContext}${key}`, value]),
  );
}

function toKey(
  action: string,
  id: string,
  directory: Directory,
  keys: Readonly<Record<string, string>> = {},
) {
  const { account, region } = directory;
  const alias = /(?:^|:)(alias\/.+)$/.exec(id)?.[1];
  const named = id.startsWith('arn:') ? id : `arn:aws:kms:${region}:${account}:key/${id}`;
  return [
    {
      action: `kms:${action}`,
      resource: directory.keyArn(id) ?? named,
      context: contextOf({ 'kms:CallerAccount': account, 'kms:RequestAlias': alias, ...keys }),
    },
  ];
}
