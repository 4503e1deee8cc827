import * as z from 'zod';
import type { Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';

const keyProperties = z.object({
  KeySpec: z.string().default('SYMMETRIC_DEFAULT'),
  KeyUsage: z.string().default('ENCRYPT_DECRYPT'),
});

/** Makes the keys that sign; what encrypts at rest on AWS has nothing to do here. */
export function makeSigningKeys(stack: Stack, { kms }: Services): void {
  for (const { name, properties } of stack.of('AWS::KMS::Key')) {
    const { KeySpec, KeyUsage } = keyProperties.parse(properties);
    if (KeyUsage === 'ENCRYPT_DECRYPT') continue;
    if (KeySpec !== 'ECC_NIST_P256' || KeyUsage !== 'SIGN_VERIFY')
      throw new Error(
        `the local KMS makes no ${KeySpec} key for ${KeyUsage}: only ECC_NIST_P256 for SIGN_VERIFY`,
      );
    kms.createKey({ id: name, spec: KeySpec, usage: KeyUsage });
  }
}
