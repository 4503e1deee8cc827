import type { Case, Tally } from '../domain/case/case.ts';
import { decideClosing } from '../domain/decisions/case/close.ts';
import type { CaseId } from '../domain/ids.ts';
import { commitAndSend, type Recorder, stampOf } from './flow.ts';

export interface CloseCase extends Recorder {
  readonly cases: {
    find(id: CaseId): Promise<Case | undefined>;
    /** One per shard, in order; undefined where nothing was counted yet. */
    tallies(of: Case): Promise<readonly (Tally | undefined)[]>;
  };
}

/**
 * Closes the case when everything is proven; gives its state as seen here.
 * When the world moved in between, the commit fails and whoever moved it tries next.
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
