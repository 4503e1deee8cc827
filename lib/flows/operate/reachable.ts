import type { AnswerOf } from '../../wire/operate.ts';
import { refusal } from './refusal.ts';

/** Checks endpoints against the egress setting. */
export interface WayOut {
  /**
   * Returns why the egress setting of this stack forbids an endpoint, and what to do; undefined if it does not. DNS is not asked:
   * the address that a name resolves to is checked at each call.
   */
  readonly whyUnreachable: (endpoint: string) => string | undefined;
}

/** Refuses endpoints that could never be called, and names each member to change; undefined if there are none. */
export function refuseUnreachable(
  members: Readonly<Record<string, string>>,
  { whyUnreachable }: WayOut,
): AnswerOf<'refused'> | undefined {
  const reasons = Object.entries(members).flatMap(([member, endpoint]) => {
    const reason = whyUnreachable(endpoint);
    return reason === undefined ? [] : [`${member}: ${reason}`];
  });
  return reasons.length === 0 ? undefined : refusal('unreachable', reasons.join('; '));
}
