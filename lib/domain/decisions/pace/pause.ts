import type { AuthorityHealth } from '../../case/authority-health.ts';
import { pauseMs, retryAfterMsMax } from '../../limits.ts';

/** Why a worker stopped calling an authority. */
export interface Stopped {
  /** A code of ours, such as `timeout` or `http-503`. */
  readonly because: string;
  /** Milliseconds that the authority asked us to wait (RFC 9110 section 10.2.3). */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Decides how long nobody calls an authority that failed: `pauseMs`, or longer where the authority asked for it. The length does
 * not grow, so that everything is found dead within one pause after the authority recovers.
 */
export function pauseAfter(
  stopped: Stopped,
  before: AuthorityHealth | undefined,
  now: { readonly ms: number; readonly rfc3339: (ms: number) => string },
): AuthorityHealth {
  const asked = Math.min(stopped.retryAfterMs ?? 0, retryAfterMsMax);
  return {
    failingSince: before?.failingSince ?? now.rfc3339(now.ms),
    pausedUntil: now.rfc3339(now.ms + Math.max(pauseMs, asked)),
    pauses: (before?.pauses ?? 0) + 1,
    because: stopped.because,
  };
}
