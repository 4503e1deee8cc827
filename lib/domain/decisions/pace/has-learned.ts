import type { RevokeOutcome } from '../../case/sighting.ts';
import type { Settled } from '../proof/settle.ts';

/** The authority answered, or nothing needed to be sent. */
const answers: readonly RevokeOutcome['kind'][] = ['accepted', 'already-gone', 'refused', 'unsupported'];

/** Whether an attempt learned anything about its credential: a vantage point answered, or the revocation was answered. */
export function hasLearned({ evidence: { before, revoked, after } }: Pick<Settled, 'evidence'>): boolean {
  if (answers.includes(revoked.kind)) return true;
  return [...before, ...after].some(({ answer }) => answer !== 'unknown');
}
