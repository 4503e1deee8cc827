import type { CaseId } from '../domain/ids.ts';
import { chaseGraceMs, duePage, dueShards } from '../domain/limits.ts';
import { type Log, rfc3339 } from './flow.ts';
import type { Chunk } from '../domain/obligation.ts';

/** What a due row asks for. */
export type Due =
  { readonly kind: 'obligation'; readonly chunk: Chunk } | { readonly kind: 'case'; readonly case: CaseId };

export interface ChaseObligations {
  /** Rows of one due shard with a time at or before `dueBy`, oldest first. Reads an index: what it misses comes with the next run. */
  readonly due: (shard: number, dueBy: string, limit: number) => Promise<readonly Due[]>;
  readonly wakePlanner: (id: CaseId) => Promise<void>;
  readonly wakeWorkers: (chunks: readonly Chunk[]) => Promise<void>;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Wakes whoever should be working: open obligations whose time has come, cases whose planner was lost.
 * Each row that is overdue by the grace is woken again at every run: nothing is ever given up.
 */
export async function chaseObligations(
  deps: ChaseObligations,
): Promise<{ readonly cases: number; readonly chunks: number }> {
  const dueBy = rfc3339(deps.now() - chaseGraceMs);
  const cases = new Set<CaseId>();
  const chunks = new Map<string, Chunk>();
  for (let shard = 0; shard < dueShards; shard += 1) {
    for (const row of await deps.due(shard, dueBy, duePage)) {
      if (row.kind === 'case') cases.add(row.case);
      else chunks.set(`${row.chunk.case}#${row.chunk.shard}#${row.chunk.authority}`, row.chunk);
    }
  }
  for (const id of cases) await deps.wakePlanner(id);
  if (chunks.size > 0) await deps.wakeWorkers([...chunks.values()]);
  if (cases.size + chunks.size > 0) deps.log.info('woken', { cases: cases.size, chunks: chunks.size });
  return { cases: cases.size, chunks: chunks.size };
}
