import { backoffBaseMs, backoffCapMs } from '../../limits.ts';

/**
 * How long attempt number `attempts` (from 1) waits for the next, in ms: 2 s doubling to 1 h, full jitter.
 * `random` is uniform in [0, 1).
 */
export function backoffMs(attempts: number, random: number): number {
  const ceiling = Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(attempts - 1, 30));
  return Math.ceil(ceiling * random);
}
