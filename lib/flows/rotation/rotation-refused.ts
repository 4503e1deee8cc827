/** The reason why a step of a rotation was refused. */
export type RotationCode =
  | 'not-enabled'
  | 'not-a-version'
  | 'not-pending'
  /** Rescind did not begin this rotation. */
  | 'no-intent'
  | 'out-of-order'
  | 'unregistered'
  /** The secret's current key is not the one that the inventory names. */
  | 'current-mismatch'
  | 'pending-mismatch'
  | 'no-registration-token'
  /** The authority accepted the keys, but its answer does not contain the new one. */
  | 'left-out'
  /** The authority does not accept the new key. */
  | 'not-accepted'
  /** The partner was cut off. */
  | 'cut-off'
  /** A hold on the partner or on the client's current key is active. */
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

/** A refused step, with what to do about it. Secrets Manager counts the step as failed. The message has ids and codes only. */
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
