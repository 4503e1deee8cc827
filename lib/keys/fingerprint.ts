import { createHmac } from 'node:crypto';
import type { Secret } from '../domain/secret.ts';

/**
 * The keyed fingerprint of a credential: HMAC-SHA-256 over the sender's SHA-256, hex.
 * The sender hashes values of at least 128 bits only; the key keeps the table from answering guesses.
 */
export function fingerprint(key: Secret, sha256: string): string {
  return createHmac('sha256', key.reveal()).update(sha256, 'ascii').digest('hex');
}

/** What else is known by a keyed fingerprint only. */
export type Purpose = 'customer' | 'announcement';

/**
 * A keyed fingerprint of something that is no credential. Its purpose stands in front: nobody learns it by announcing a credential
 * under the same hash.
 */
export function fingerprintFor(purpose: Purpose, key: Secret, text: string): string {
  return createHmac('sha256', key.reveal()).update(`${purpose}\0${text}`, 'utf8').digest('hex');
}

/** The id of a credential that has no public reference of its own. */
export const fingerprintId = (print: string): string => `fp-${print}`;
