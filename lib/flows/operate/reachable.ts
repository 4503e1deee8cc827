import type { AnswerOf } from '../../wire/operate.ts';
import { refusal } from './refusal.ts';

/** What the door knows of the way out. */
export interface WayOut {
  /**
   * Why an endpoint could never be called under this stack's egress setting, and what to do; undefined: as far as is known
   * without asking DNS, it can. What a name resolves to is judged at each call.
   */
  readonly whyUnreachable: (endpoint: string) => string | undefined;
}

/** Refuses what could never be called, naming each member that is to be changed; undefined where there is none. */
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
