import type { AuthorityHealth } from '../../domain/case/authority-health.ts';
import type { AuthorityId, CaseId } from '../../domain/ids.ts';
import { chaseGraceMs } from '../../domain/limits.ts';
import type { Chunk } from '../../domain/case/obligation.ts';
import { dueRows, type DueShard } from './due-rows.ts';
import { type Log, rfc3339 } from '../flow.ts';

/** The work that a due row needs. */
export type Due =
  { readonly kind: 'obligation'; readonly chunk: Chunk } | { readonly kind: 'case'; readonly case: CaseId };

export interface ChaseObligations {
  /** Reads an index that lags: the next run finds what this one misses. */
  readonly due: DueShard<Due>;
  /** Reads the health of these authorities; those that answer are absent. */
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

/** Reading stops with this much time left, which is for waking. The limit also bounds the rows that one run holds in memory. */
const wakingMs = 15_000;

/** Waking stops with this much time left; the next run, a minute later, continues. */
const reserveMs = 3_000;

/** At most this many chunks of an authority are woken in a run: one worker at a time calls it, and finishes no more before the next run. */
const chunksAtOnceMax = 200;

/** SendMessageBatch takes at most this many messages. */
const wakesAtOnce = 10;

/**
 * Wakes workers for obligations that are overdue, and walks for cases that are overdue because their message was lost. A row that is
 * overdue by more than the grace is found again at every run: nothing is ever given up. Walks and authorities take turns, so that an
 * authority with many rows does not delay the others.
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
    deps.log.warn('time is up: some overdue rows were not woken', { ...woken, left, whole });
  return woken;
}

/** Returns one queue for walks and one for each authority, each chunk once; `whole`: all overdue rows were read. */
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

/** A paused authority is not called. An authority that has not answered since its pause is tried by one worker. */
function wakesOf(health: AuthorityHealth | undefined, now: number): number {
  if (!health) return chunksAtOnceMax;
  return Date.parse(health.pausedUntil) > now ? 0 : 1;
}

/** Yields `wakesAtOnce` rows of each queue in turn, until all queues are empty. */
function* inTurns(queues: readonly (readonly Due[])[]): Generator<readonly Due[]> {
  for (let from = 0; queues.some(({ length }) => length > from); from += wakesAtOnce)
    for (const queue of queues) if (queue.length > from) yield queue.slice(from, from + wakesAtOnce);
}
