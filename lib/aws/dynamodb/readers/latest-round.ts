import { type Case, caseIdOf } from '../../../domain/case/case.ts';
import type { CaseId } from '../../../domain/ids.ts';

/**
 * Returns the last follow-up of a case, or the case itself. The number of reads is twice the logarithm of the number of rounds. Rounds
 * have no gaps and are never deleted, and a round that is not closed is the last one. A round that opens during the search may be
 * missed: the returned case is closed then, and a caller that tries to open the same round fails at the commit.
 */
export async function latestRound(
  first: Case,
  find: (id: CaseId) => Promise<Case | undefined>,
): Promise<Case> {
  let latest = first;
  let step = 1;
  /** The lowest round that is known not to exist. */
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
