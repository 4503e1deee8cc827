import type { RequestRecord } from '../../authority/messages.ts';

/** When: ms of the world's clock, after `from` until `to`. */
export interface CallWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * Counts the calls that authorities heard in a window in which nobody else calls them: no trace reaches them, so that only time
 * tells whose work they were.
 */
export function authorityCalls(records: readonly RequestRecord[], { from, to }: CallWindow): number {
  return records.filter(({ at }) => at > from && at <= to).length;
}
