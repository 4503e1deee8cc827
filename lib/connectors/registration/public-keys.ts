import { calculateJwkThumbprint, type JWK } from 'jose';
import { RegistrationError } from './registration-error.ts';

/** The secret members of RFC 7518 section 6 (`d` of EC, OKP and RSA; the rest of RSA; `k` of oct) and of AKP. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Two overlap in a rotation, and a client may have a few for encryption; more than this is a mistake. */
const keysMax = 8;

/**
 * Refuses a set that would leave the client without a key, that names two keys alike, or that would publish a private
 * one; throws `RegistrationError` with code `keys`.
 */
export function checkPublicKeys(keys: readonly JWK[]): void {
  if (keys.length === 0)
    throw refuse('no-keys', 'would leave the client without any; keep the one that works');
  if (keys.length > keysMax) throw refuse('too-many-keys', `has more than ${keysMax}; take dead ones out`);
  if (keys.some((key) => privateMembers.some((member) => Object.hasOwn(key, member)))) {
    throw refuse('private-key', 'contains a private one; give the public parts only');
  }
  const names = keys.flatMap(({ kid }) => kid ?? []);
  if (new Set(names).size < names.length) throw refuse('same-kid', 'has two of one kid; name each apart');
}

function refuse(because: string, message: string): RegistrationError {
  return new RegistrationError('keys', because, `the new set of keys ${message}; nothing was sent`);
}

/** Whether both sets hold the same keys under the same names; servers reorder them and add members. */
export async function areSameKeys(one: readonly JWK[], other: readonly JWK[]): Promise<boolean> {
  const [first, second] = await Promise.all([fingerprintsOf(one), fingerprintsOf(other)]);
  return first.length === second.length && first.every((fingerprint, n) => fingerprint === second[n]);
}

async function fingerprintsOf(keys: readonly JWK[]): Promise<readonly string[]> {
  // a key of a type that jose does not know equals none of ours
  const thumbprints = await Promise.all(
    keys.map((key) => calculateJwkThumbprint(key).catch(() => 'unknown')),
  );
  return keys.map(({ kid = '' }, n) => `${thumbprints[n]} ${kid}`).toSorted();
}
