import type { Authority } from '../../domain/inventory/authority.ts';
import { groupOutcome, type Settled } from '../../domain/decisions/proof/settle.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import {
  authorityConcurrency,
  groupReserveMs,
  leaseSeconds,
  outcomeGroup,
  slowGroupMs,
  uncoveredLookMs,
  wakeDelaySecondsMax,
} from '../../domain/limits.ts';
import type { Chunk, Obligation } from '../../domain/case/obligation.ts';
import { closeCase, type CloseCase } from '../close-case.ts';
import { type AttemptGroup, attemptGroup } from './attempt-group.ts';
import { findCollateral, type FindCollateral } from '../walk/find-collateral.ts';
import { commitAndSend, type Measure, rfc3339, stampOf } from '../flow.ts';
import type { Lease } from './lease.ts';
import { type Part, type SplitChunk, splitter } from './split-chunk.ts';

export interface WorkObligations extends CloseCase, FindCollateral, AttemptGroup, SplitChunk {
  readonly cases: CloseCase['cases'];
  readonly leases: { take(chunk: Chunk, until: number): Promise<Lease | undefined> };
  readonly obligations: {
    /** Open and draining ones that were never tried or are due, oldest id first. */
    due(chunk: Chunk, now: number, limit: number): Promise<readonly Obligation[]>;
  };
  readonly authorities: { find(id: AuthorityId): Promise<Authority | undefined> };
  readonly wakeWorker: (chunk: Chunk, delaySeconds: number) => Promise<void>;
  readonly measure: Measure;
}

/**
 * Works one chunk: revokes, probes, judges, and commits outcomes in groups. Whoever finds the chunk leased
 * leaves it: its rows stay, and the chaser comes again.
 */
export async function workObligations(chunk: Chunk, deps: WorkObligations): Promise<'worked' | 'leased'> {
  const lease = await deps.leases.take(chunk, deps.now() + leaseSeconds * 1000);
  if (!lease) return 'leased';
  try {
    const authority = await deps.authorities.find(chunk.authority);
    await workAll(chunk, authority, lease, deps);
  } finally {
    await lease.release();
  }
  await closeCase(chunk.case, deps);
  return 'worked';
}

/**
 * Group by group while there is time. The first group is as small as the authority's width, and so is each one
 * after a slow one: what a slow authority has answered is committed before the function's time is up.
 */
async function workAll(
  chunk: Chunk,
  authority: Authority | undefined,
  lease: Lease,
  deps: WorkObligations,
): Promise<void> {
  const width = authority?.limits?.concurrency ?? authorityConcurrency;
  const split = splitter(chunk, authority, deps);
  const tried = new Set<string>();
  let retryMs = Infinity;
  for (let size = width; ;) {
    const due = await deps.obligations.due(chunk, deps.now(), outcomeGroup + tried.size);
    const group = due.filter(({ id }) => !tried.has(id)).slice(0, Math.min(size, outcomeGroup));
    if (group.length === 0) break;
    const startedAt = deps.now();
    for (const part of await split(group)) {
      if (deps.remainingMs() < groupReserveMs) return deps.wakeWorker(chunk, 0);
      for (const { id } of part.obligations) tried.add(id);
      const settled = await workPart(part, { chunk, authority, lease }, deps);
      for (const { state, retryAt } of settled)
        if (state === 'open') retryMs = Math.min(retryMs, Date.parse(retryAt) - deps.now());
    }
    size = deps.now() - startedAt > slowGroupMs ? width : outcomeGroup;
  }
  const delaySeconds = Math.max(0, Math.ceil(retryMs / 1000));
  if (delaySeconds <= wakeDelaySecondsMax) await deps.wakeWorker(chunk, delaySeconds);
}

async function workPart(
  { connector, obligations }: Part,
  at: { readonly chunk: Chunk; readonly authority: Authority | undefined; readonly lease: Lease },
  deps: WorkObligations,
): Promise<readonly Settled[]> {
  const { chunk, authority, lease } = at;
  if (!authority || !connector) {
    await postpone(obligations, deps);
    return [];
  }
  const credentials = await deps.credentials.findAll(obligations);
  const spared = await findCollateral(obligations, credentials, authority, deps);
  const group = { group: obligations, credentials, authority, connector, lease, spared };
  const settled = await attemptGroup(group, deps);
  await commitGroup(settled, chunk, deps);
  lease.settled(obligations.map(({ id }) => id));
  return settled;
}

/** A cancelled group is split: one row that moved under us must not hold up the other 24. */
async function commitGroup(group: readonly Settled[], chunk: Chunk, deps: WorkObligations): Promise<void> {
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
    deps.log.warn('outcome not committed: its row moved', { ...chunk, credential: only.obligation.id });
    return;
  }
  const half = Math.ceil(group.length / 2);
  await commitGroup(group.slice(0, half), chunk, deps);
  await commitGroup(group.slice(half), chunk, deps);
}

/** Why those that are left are not dead, counted: what an on-call engineer asks first. */
function reasonsOf(group: readonly Settled[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { state, reason } of group)
    if (state !== 'dead') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** No connector can kill these yet: they stay open, are listed as uncovered, and are looked at again. */
async function postpone(uncovered: readonly Obligation[], deps: WorkObligations): Promise<void> {
  const dueAt = rfc3339(deps.now() + uncoveredLookMs);
  for (const obligation of uncovered) await deps.commit([{ kind: 'postpone-obligation', obligation, dueAt }]);
}
