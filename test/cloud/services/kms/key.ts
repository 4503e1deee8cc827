import { AwsError } from '../../service.ts';
import { SigningKey } from './signing-key.ts';

/** The kinds of key that are here: one that signs, and one that stands for encryption at rest and does nothing. */
export type KeyKind =
  | { readonly spec: 'ECC_NIST_P256'; readonly usage: 'SIGN_VERIFY' }
  | { readonly spec: 'SYMMETRIC_DEFAULT'; readonly usage: 'ENCRYPT_DECRYPT' };

interface KeyFacts {
  readonly id: string;
  readonly arn: string;
  /** Milliseconds of the world's clock. */
  readonly createdAt: number;
  enabled: boolean;
}

export type Key = KeyFacts &
  (
    | (KeyKind & { readonly spec: 'ECC_NIST_P256'; readonly pair: SigningKey })
    | (KeyKind & { readonly spec: 'SYMMETRIC_DEFAULT' })
  );

export type PairKey = Extract<Key, { readonly spec: 'ECC_NIST_P256' }>;

/** What a key on P-256 signs with (KMS Developer Guide, "Key spec reference"). */
export const signingAlgorithms = ['ECDSA_SHA_256'] as const;

export const encryptionAlgorithms = ['SYMMETRIC_DEFAULT'] as const;

/** Makes the material too. */
export function newKey(facts: Omit<KeyFacts, 'enabled'>, kind: KeyKind): Key {
  return kind.spec === 'ECC_NIST_P256'
    ? { ...facts, ...kind, enabled: true, pair: new SigningKey() }
    : { ...facts, ...kind, enabled: true };
}

export function refuseDisabled(key: Key): void {
  if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
}
