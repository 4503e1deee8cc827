/** The origin of a message in the queue Exhausted. */
export type Origin = 'signals' | 'bus' | 'plans' | 'obligations' | 'schedule' | 'unknown';

/** A message that was dead-lettered to the queue Exhausted. */
export interface DeadLetter {
  readonly origin: Origin;
  readonly body: string;
  /** Its message group, where it has one. A fair queue separates senders by group. */
  readonly group?: string;
  /** The receipt handle of this delivery. */
  readonly receipt: string;
}

/** A message of a batch that a queue did not accept, although the answer to the whole batch is a success. */
export interface RefusedLetter {
  readonly letter: DeadLetter;
  readonly code: string;
}

/**
 * The action for a dead letter, by its origin. An announcement has no row yet, so the dead letters of Signals and of the bus are requeued
 * without a limit. Messages of unknown origin are requeued too: the intake accepts them or records why it refuses them.
 * A wake-up is dropped: its work is a row, and the chaser wakes a worker for it. The tick of a schedule is dropped: the next tick does
 * the same work.
 */
export const fates = {
  signals: 'return',
  bus: 'return',
  unknown: 'return',
  plans: 'drop',
  obligations: 'drop',
  schedule: 'drop',
} as const satisfies Record<Origin, 'return' | 'drop'>;
