import type { AuthorityHealth } from '../../domain/case/authority-health.ts';
import type { AuthorityId, CaseId } from '../../domain/ids.ts';
import { chaseGraceMs } from '../../domain/limits.ts';
import type { Chunk } from '../../domain/case/obligation.ts';
import { dueRows, type DueShard } from './due-rows.ts';
import { type Log, rfc3339 } from '../flow.ts';

/** What a due row asks for. */
export type Due =
  { readonly kind: 'obligation'; readonly chunk: Chunk } | { readonly kind: 'case'; readonly case: CaseId };

export interface ChaseObligations {
  /** Reads an index: what it misses comes with the next run. */
  readonly due: DueShard<Due>;
  /** How these authorities have been answering; those that answer are absent. */
  readonly healthOf: (
    authorities: readonly AuthorityId[],
  ) => Promise<ReadonlyMap<AuthorityId, AuthorityHealth>>;
  readonly wakePlanner: (id: CaseId) => Promise<void>;
  readonly wakeWorkers: (chunks: readonly Chunk[]) => Promise<void>;
  readonly now: () => number;
  /** Milliseconds that this invocation may still take. */
  readonly remainingMs: () => number;
  readonly log: Log;
}

/** Reading ends with this much left, which waking then has; what one run can read bounds what it holds, too. */
const wakingMs = 15_000;

/** Waking ends with this much left; the next run, a minute later, goes on. */
const reserveMs = 3_000;

/** One worker at a time speaks to an authority: it does not work more chunks than this before the next run. */
const chunksAtOnceMax = 200;

/** SendMessageBatch takes this many. */
const wakesAtOnce = 10;

/**
 * Wakes whoever should be working: open obligations whose time has come, cases whose planner was lost. Each row that is overdue
 * by the grace is found again at every run: nothing is ever given up. The planner and each authority have their turns, so that
 * one with many rows keeps no other waiting.
 */
export async function chaseObligations(
  deps: ChaseObligations,
): Promise<{ readonly cases: number; readonly chunks: number }> {
  const { queues, whole } = await findOverdue(deps);
  const woken = { cases: 0, chunks: 0 };
  let left = queues.reduce((sum, queue) => sum + queue.length, 0);
  for (const some of inTurns(queues)) {
    if (deps.remainingMs() < reserveMs) break;
    const chunks = some.flatMap((row) => (row.kind === 'obligation' ? [row.chunk] : []));
    for (const row of some) if (row.kind === 'case') await deps.wakePlanner(row.case);
    if (chunks.length > 0) await deps.wakeWorkers(chunks);
    woken.chunks += chunks.length;
    woken.cases += some.length - chunks.length;
    left -= some.length;
  }
  if (woken.cases + woken.chunks > 0) deps.log.info('woken', woken);
  if (!whole || left > 0)
    deps.log.warn('stopped before all that is overdue was woken: time is up', { ...woken, left, whole });
  return woken;
}

/** One queue for planners and one for each authority, each chunk once; `whole`: nothing was left unread. */
async function findOverdue(
  deps: ChaseObligations,
): Promise<{ readonly queues: readonly (readonly Due[])[]; readonly whole: boolean }> {
  const dueBy = rfc3339(deps.now() - chaseGraceMs);
  const planners = new Map<string, Due>();
  const workers = new Map<AuthorityId, Map<string, Due>>();
  let whole = true;
  for await (const row of dueRows(deps.due, dueBy, deps.now())) {
    if (deps.remainingMs() < wakingMs) {
      whole = false;
      break;
    }
    if (row.kind === 'case') planners.set(row.case, row);
    else {
      const { case: of, shard, authority } = row.chunk;
      const queue = workers.get(authority) ?? new Map<string, Due>();
      workers.set(authority, queue.set(`${of}#${shard}`, row));
    }
  }
  const health = await deps.healthOf([...workers.keys()]);
  const awake = [...workers].map(([authority, queue]) =>
    [...queue.values()].slice(0, wakesOf(health.get(authority), deps.now())),
  );
  return { queues: [[...planners.values()], ...awake], whole };
}

/** Nobody calls a paused authority. One that has not answered since its pause is tried by one worker. */
function wakesOf(health: AuthorityHealth | undefined, now: number): number {
  if (!health) return chunksAtOnceMax;
  return Date.parse(health.pausedUntil) > now ? 0 : 1;
}

/** Some of each queue, then more of each, until all is told. */
function* inTurns(queues: readonly (readonly Due[])[]): Generator<readonly Due[]> {
  for (let from = 0; queues.some(({ length }) => length > from); from += wakesAtOnce)
    for (const queue of queues) if (queue.length > from) yield queue.slice(from, from + wakesAtOnce);
}
