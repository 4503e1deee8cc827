import { backoffBaseMs, backoffCapMs } from '../../limits.ts';

/**
 * Returns the wait in ms after attempt number `attempts` (counted from 1): exponential backoff from 2 s to 1 h with full jitter.
 * `random` is uniform in [0, 1).
 */
export function backoffMs(attempts: number, random: number): number {
  const ceiling = Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(attempts - 1, 30));
  return Math.ceil(ceiling * random);
}
