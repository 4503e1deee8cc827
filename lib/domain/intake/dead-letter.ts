/** Where a message in the queue Exhausted came from. */
export type Origin = 'signals' | 'bus' | 'plans' | 'obligations' | 'schedule' | 'unknown';

/** A message that others had given up. */
export interface DeadLetter {
  readonly origin: Origin;
  readonly body: string;
  /** Its group, where it has one: a fair queue tells senders apart by it. */
  readonly group?: string;
  /** Names this delivery of it. */
  readonly receipt: string;
}

/** One of a batch that a queue did not take, inside an answer that is a success as a whole. */
export interface RefusedLetter {
  readonly letter: DeadLetter;
  readonly code: string;
}

/**
 * What becomes of a dead letter. Announcements have no row yet: what Signals gave up, or never got from the bus, goes back for
 * ever, and so does what nobody knows, since intake takes it or records why it is refused.
 * A wake-up is dropped: the work is a row, and the chaser wakes whoever should be at it. So is the tick of a schedule: the
 * next one does the same work.
 */
export const fates = {
  signals: 'return',
  bus: 'return',
  unknown: 'return',
  plans: 'drop',
  obligations: 'drop',
  schedule: 'drop',
} as const satisfies Record<Origin, 'return' | 'drop'>;
