import type { Write } from '../../lib/domain/transaction/write.ts';

/** A write of one kind: what must stand before, and what must stand before so that it is refused. */
export interface Situation {
  readonly write: Write;
  /** With these before it, it commits. */
  readonly holds: readonly Write[];
  /** With these before it, it does not; absent: it has no condition. */
  readonly fails?: readonly Write[];
}
