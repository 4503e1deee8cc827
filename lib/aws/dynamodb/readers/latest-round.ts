import { type Case, caseIdOf } from '../../../domain/case/case.ts';
import type { CaseId } from '../../../domain/ids.ts';

/**
 * The last follow-up of a case, or itself: in as many reads as twice the logarithm of their number. Rounds have no gaps and
 * are never taken back, and one that is not closed is the last. A round that opens meanwhile may be missed: then the answer
 * is closed, and whoever opens the same round on it fails.
 */
export async function latestRound(
  first: Case,
  find: (id: CaseId) => Promise<Case | undefined>,
): Promise<Case> {
  let latest = first;
  let step = 1;
  /** The lowest round that is known not to be there. */
  let none = Infinity;
  while (latest.state === 'closed' && latest.round + 1 < none) {
    const round = none === Infinity ? latest.round + step : Math.floor((latest.round + none) / 2);
    const found = await find(caseIdOf({ ...latest, round }));
    if (found) latest = found;
    else none = round;
    step *= 2;
  }
  return latest;
}
