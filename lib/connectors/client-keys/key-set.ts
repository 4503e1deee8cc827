import type { JWK } from 'jose';
import type { CredentialId } from '../../domain/ids.ts';

/** What a client's last key leaves behind is named so, and is no key that anybody holds. */
const tombstonePrefix = 'rescind-tombstone-';

/** A public key whose private half exists nowhere, or in the memory of one call. */
export const asTombstone = (jwk: JWK): JWK => ({ ...jwk, kid: `${tombstonePrefix}${jwk.kid}` });

export const isTombstone = ({ kid }: JWK): boolean => kid?.startsWith(tombstonePrefix) ?? false;

/** The set with this key in it, once; whatever a tombstone held open, it holds open no more. */
export const withKey = (keys: readonly JWK[], key: JWK): readonly JWK[] => [
  ...keys.filter((known) => known.kid !== key.kid && !isTombstone(known)),
  key,
];

/**
 * The set without these keys. Where none would be left the tombstone is, because servers refuse an empty set or take
 * it for no change (RFC 7592 section 2.2); where none of them is in the set, it is as it was.
 */
export function withoutKeys(
  keys: readonly JWK[],
  kids: readonly CredentialId[],
  tombstone: JWK,
): readonly JWK[] {
  const left = keys.filter(({ kid }) => !kids.some((one) => one === kid));
  return left.length === 0 ? [tombstone] : left;
}
