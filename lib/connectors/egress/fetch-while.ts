import { EgressError } from './egress-error.ts';
import type { Fetch } from './fetch.ts';

/** Begins no call once there is no time for its answer: it fails as one that timed out, and nothing was sent. */
export const fetchWhile =
  (fetch: Fetch, hasTime: () => boolean): Fetch =>
  async (target, init) => {
    if (hasTime()) return fetch(target, init);
    throw new EgressError('timeout', 'no time is left for another call; the next attempt goes on');
  };
