import { signalRetrySecondsMax, signalRetrySecondsMin } from '../limits.ts';

/** How long a signal waits that failed when it was received for the `receives`th time, in seconds: 2, 4, 8, then 15. */
export function signalRetrySeconds(receives: number): number {
  const doubled = signalRetrySecondsMin * 2 ** Math.min(Math.max(receives - 1, 0), 30);
  return Math.min(signalRetrySecondsMax, doubled);
}
