/** Why a step of a rotation is not done. */
export type RotationCode =
  | 'not-enabled'
  | 'not-a-version'
  | 'not-pending'
  /** Somebody else than Rescind began it. */
  | 'no-intent'
  | 'out-of-order'
  | 'unregistered'
  /** The secret's current key is not the one that the inventory names. */
  | 'current-mismatch'
  | 'pending-mismatch'
  | 'no-registration-token'
  /** The authority's answer names not every key that it was told. */
  | 'left-out'
  /** The authority does not take the new key. */
  | 'not-accepted'
  /** A cut-off of the partner. */
  | 'cut-off'
  /** A hold on the partner or on a key of it. */
  | 'held'
  | 'contended';

const dispositions = {
  'not-enabled': 'reject',
  'not-a-version': 'reject',
  'not-pending': 'reject',
  'no-intent': 'reject',
  'out-of-order': 'retry',
  unregistered: 'reject',
  'current-mismatch': 'reject',
  'pending-mismatch': 'reject',
  'no-registration-token': 'reject',
  'left-out': 'retry',
  'not-accepted': 'retry',
  'cut-off': 'reject',
  held: 'retry',
  contended: 'retry',
} as const satisfies Record<RotationCode, 'retry' | 'reject'>;

/** A step that ends here, and what to do about it; Secrets Manager counts it as failed. Made of ids and codes only. */
export class RotationRefused extends Error {
  override readonly name = 'RotationRefused';
  readonly code: RotationCode;
  readonly disposition: 'retry' | 'reject';

  constructor(code: RotationCode, message: string) {
    super(message);
    this.code = code;
    this.disposition = dispositions[code];
  }
}
