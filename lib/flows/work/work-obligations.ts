import type { AuthorityHealth } from '../../domain/case/authority-health.ts';
import type { Chunk } from '../../domain/case/obligation.ts';
import { pauseAfter } from '../../domain/decisions/pace/pause.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { Authority } from '../../domain/inventory/authority.ts';
import { groupReserveMs, turnSeconds, wakeDelaySecondsMax } from '../../domain/limits.ts';
import { closeCase, type CloseCase } from '../close-case.ts';
import { rfc3339 } from '../flow.ts';
import type { Line } from './line.ts';
import type { Turn, Turns } from './turn.ts';
import { workChunk, type WorkChunk } from './work-chunk.ts';

export interface WorkObligations extends CloseCase, WorkChunk, Turns {
  readonly cases: CloseCase['cases'];
  readonly authorities: { find(id: AuthorityId): Promise<Authority | undefined> };
  /** Opens the line to an authority; `halfOpen`: the authority failed before and has not answered since. */
  readonly connect: (authority: Authority, options: { readonly halfOpen: boolean }) => Line;
  readonly wakeWorker: (chunk: Chunk, delaySeconds: number) => Promise<void>;
}

/** A chunk with open obligations, and the time until its next attempt. */
interface Retry {
  readonly chunk: Chunk;
  readonly delaySeconds: number;
}

/**
 * Works on a chunk, and on the chunks that wait for the same authority, while there is time. A worker that finds the authority busy
 * queues its chunk and ends. A worker that finds the authority paused ends, and the chaser wakes another one later. Workers are woken
 * after the turn is released, never before, so that a woken worker finds the turn free.
 */
export async function workObligations(
  chunk: Chunk,
  deps: WorkObligations,
): Promise<'worked' | 'busy' | 'paused'> {
  const turn = await deps.turns.take(chunk, deps.now() + turnSeconds * 1000);
  if (turn.kind === 'paused') deps.log.info('calls are paused', { ...chunk, ...turn.health });
  if (turn.kind !== 'taken') return turn.kind;
  const cases = new Set([chunk.case]);
  const retries: Retry[] = [];
  let line: Line | undefined;
  try {
    const authority = await deps.authorities.find(chunk.authority);
    line = authority && deps.connect(authority, { halfOpen: turn.health !== undefined });
    for (let next: Chunk | undefined = chunk; next; next = await nextOf(turn, line, deps)) {
      cases.add(next.case);
      const delaySeconds = await workChunk(next, { authority, line }, deps);
      if (delaySeconds !== undefined) retries.push({ chunk: next, delaySeconds });
    }
  } finally {
    const health = healthAfter(turn, line, deps);
    if (line?.pace.stopped() && health) deps.log.warn('calls are paused', { ...chunk, ...health });
    const waiting = await turn.release(health);
    if (waiting) await deps.wakeWorker(waiting, 0);
  }
  for (const { chunk: next, delaySeconds } of retries)
    if (delaySeconds <= wakeDelaySecondsMax) await deps.wakeWorker(next, delaySeconds);
  for (const id of cases) await closeCase(id, deps);
  return 'worked';
}

async function nextOf(turn: Turn, line: Line | undefined, deps: WorkObligations): Promise<Chunk | undefined> {
  if (line?.pace.stopped() || deps.remainingMs() < groupReserveMs) return undefined;
  return turn.next();
}

/** Returns the health to store. A worker that made no call has learned nothing, so the known health stays. */
function healthAfter(
  { health }: Turn,
  line: Line | undefined,
  deps: Pick<WorkObligations, 'now'>,
): AuthorityHealth | undefined {
  const stopped = line?.pace.stopped();
  if (stopped) return pauseAfter(stopped, health, { ms: deps.now(), rfc3339 });
  return line?.pace.answered() ? undefined : health;
}
