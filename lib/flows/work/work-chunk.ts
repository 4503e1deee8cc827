import type { Chunk, Obligation } from '../../domain/case/obligation.ts';
import { hasLearned } from '../../domain/decisions/pace/has-learned.ts';
import { groupOutcome, type Settled } from '../../domain/decisions/proof/settle.ts';
import type { Authority } from '../../domain/inventory/authority.ts';
import {
  authorityConcurrency,
  groupReserveMs,
  outcomeGroup,
  slowGroupMs,
  uncoveredLookMs,
} from '../../domain/limits.ts';
import { commitAndSend, type Measure, type Recorder, rfc3339, stampOf } from '../flow.ts';
import { findCollateral, type FindCollateral } from '../walk/find-collateral.ts';
import { type AttemptGroup, attemptGroup } from './attempt-group.ts';
import type { Line } from './line.ts';
import type { OpenNotes, SeenNotes } from './seen-notes.ts';
import { type Part, type SplitChunk, splitter } from './split-chunk.ts';

export interface WorkChunk extends Recorder, FindCollateral, AttemptGroup, SplitChunk, OpenNotes {
  readonly cases: SplitChunk['cases'];
  readonly obligations: {
    /** Open and draining obligations that were never tried or are due, oldest id first. */
    due(chunk: Chunk, now: number, limit: number): Promise<readonly Obligation[]>;
  };
  readonly measure: Measure;
}

/** The authority of a chunk, and the line to it. Both are absent if no such authority is registered. */
interface At {
  readonly authority: Authority | undefined;
  readonly line: Line | undefined;
}

/**
 * Revokes, probes and judges the due obligations of one chunk, and commits outcomes group by group while there is time. The first
 * group has as many obligations as the authority takes calls at once, and so has each group after a slow one: the answers of a slow
 * authority are then committed before the function's time is up. Returns the seconds until the next attempt; undefined if no message
 * is to be sent for it.
 */
export async function workChunk(chunk: Chunk, at: At, deps: WorkChunk): Promise<number | undefined> {
  const { authority, line } = at;
  const width = authority?.limits?.concurrency ?? authorityConcurrency;
  const split = splitter(chunk, at, deps);
  const notes = await deps.notes.open(chunk);
  const tried = new Set<string>();
  let retryMs = Infinity;
  // an authority that failed is tried with one credential until it answers
  for (let size = line?.halfOpen ? 1 : width; ;) {
    const due = await deps.obligations.due(chunk, deps.now(), outcomeGroup + tried.size);
    const group = due.filter(({ id }) => !tried.has(id)).slice(0, Math.min(size, outcomeGroup));
    if (group.length === 0) break;
    const startedAt = deps.now();
    for (const part of await split(group)) {
      if (deps.remainingMs() < groupReserveMs) return 0;
      for (const { id } of part.obligations) tried.add(id);
      const settled = await workPart(part, { chunk, notes, ...at }, deps);
      for (const { state, retryAt } of settled)
        if (state === 'open') retryMs = Math.min(retryMs, Date.parse(retryAt) - deps.now());
      if (line?.pace.stopped()) return undefined;
    }
    size = deps.now() - startedAt > slowGroupMs ? width : outcomeGroup;
  }
  return Number.isFinite(retryMs) ? Math.max(0, Math.ceil(retryMs / 1000)) : undefined;
}

async function workPart(
  { connector, obligations }: Part,
  at: At & { readonly chunk: Chunk; readonly notes: SeenNotes },
  deps: WorkChunk,
): Promise<readonly Settled[]> {
  const { chunk, authority, line, notes } = at;
  if (!authority || !connector) {
    await postpone(obligations, deps);
    return [];
  }
  const credentials = await deps.credentials.findAll(obligations);
  const spared = await findCollateral(obligations, credentials, authority, deps);
  const attempted = await attemptGroup(
    { group: obligations, credentials, authority, connector, notes, spared },
    deps,
  );
  // a paused authority was not asked about the others: their rows stay unchanged, due at once
  const settled = line?.pace.stopped() ? attempted.filter(hasLearned) : attempted;
  await commitGroup(settled, chunk, deps);
  notes.settled(settled.map(({ obligation }) => obligation.id));
  return settled;
}

/** Commits the outcomes of a group. A cancelled group is split, so that one changed row does not delay the other 24. */
async function commitGroup(group: readonly Settled[], chunk: Chunk, deps: WorkChunk): Promise<void> {
  if (group.length === 0) return;
  const committed = await commitAndSend(groupOutcome(group, chunk, stampOf(deps)), deps);
  if (committed.ok) {
    for (const { judgement } of group) deps.measure('Attempts', 1, judgement.outcome);
    const dead = group.filter(({ state }) => state === 'dead').length;
    const facts = { ...chunk, dead, of: group.length };
    if (dead === group.length) deps.log.info('outcomes committed', facts);
    else deps.log.warn('credentials not proven dead', { ...facts, because: reasonsOf(group) });
    return;
  }
  const [only] = group;
  if (only && group.length === 1) {
    deps.log.warn('outcome not committed: another writer changed its row', {
      ...chunk,
      credential: only.obligation.id,
    });
    return;
  }
  const half = Math.ceil(group.length / 2);
  await commitGroup(group.slice(0, half), chunk, deps);
  await commitGroup(group.slice(half), chunk, deps);
}

/** Counts the reasons of those that are not dead: an on-call engineer needs these first. */
function reasonsOf(group: readonly Settled[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { state, reason } of group)
    if (state !== 'dead') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** Postpones obligations that no connector can work on yet: they stay open, are listed as uncovered, and are tried again later. */
async function postpone(uncovered: readonly Obligation[], deps: WorkChunk): Promise<void> {
  const dueAt = rfc3339(deps.now() + uncoveredLookMs);
  for (const obligation of uncovered) await deps.commit([{ kind: 'postpone-obligation', obligation, dueAt }]);
}
