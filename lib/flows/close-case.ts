import type { Case, Tally } from '../domain/case/case.ts';
import { decideClosing } from '../domain/decisions/case/close.ts';
import type { CaseId } from '../domain/ids.ts';
import { commitAndSend, type Recorder, stampOf } from './flow.ts';

export interface CloseCase extends Recorder {
  readonly cases: {
    find(id: CaseId): Promise<Case | undefined>;
    /** One tally per shard, in shard order; undefined for a shard that has counted nothing yet. */
    tallies(of: Case): Promise<readonly (Tally | undefined)[]>;
  };
}

/**
 * Closes the case once its walk is finished and none of its obligations is open. Returns the state that it found.
 * If another writer changes the case in between, the commit fails, and that writer tries to close it.
 */
export async function closeCase(id: CaseId, deps: CloseCase): Promise<'closed' | 'working' | 'unplanned'> {
  const found = await deps.cases.find(id);
  if (!found || found.state === 'closed') return 'closed';
  if (found.state !== 'working' || found.cursors > 0) return 'unplanned';
  const closing = decideClosing(found, await deps.cases.tallies(found), stampOf(deps));
  if (!closing) return 'working';
  const committed = await commitAndSend(closing, deps);
  if (committed.ok) deps.log.info('case closed', { case: id });
  return committed.ok ? 'closed' : 'working';
}
