import type { Case, Cursor } from '../../domain/case/case.ts';
import type { ConsentRef, Credential } from '../../domain/inventory/credential.ts';
import { type Step, planStep } from '../../domain/decisions/walk/plan.ts';
import { type GrantRef, grantOf } from '../../domain/inventory/delegation.ts';
import {
  type AuthorityId,
  type CaseId,
  consentId,
  type ConsentId,
  type CredentialRef,
} from '../../domain/ids.ts';
import { caseLookMs, decisionsMax, groupReserveMs } from '../../domain/limits.ts';
import { grantName } from '../../domain/names.ts';
import { shardOf } from '../../domain/case/obligation.ts';
import { closeCase, type CloseCase } from '../close-case.ts';
import { commitAndSend, Contended, rfc3339, stampOf } from '../flow.ts';
import { type Edges, listEdges, type Listing } from './list-edges.ts';
import { standingsOf, type Standings } from './standings.ts';

interface Wake {
  readonly case: CaseId;
  readonly shard: number;
  readonly authority: AuthorityId;
}

export interface PlanCase extends CloseCase, Standings {
  readonly cases: CloseCase['cases'] &
    Standings['cases'] & {
      /** Any cursor that is not walked yet. */
      nextCursor(id: CaseId): Promise<Cursor | undefined>;
      /** The names of those of these grants that another case condemned and that this walk has listed too. */
      passedGrants(of: Case, grants: readonly GrantRef[]): Promise<ReadonlySet<string>>;
    };
  readonly edges: Edges;
  readonly credentials: { findAll(refs: readonly CredentialRef[]): Promise<readonly Credential[]> };
  readonly consents: Standings['consents'] & {
    /** The generations up to this one that are still granted. */
    granted(id: ConsentId, generation: number): Promise<readonly ConsentRef[]>;
  };
  readonly grants: { condemned(grants: readonly GrantRef[]): Promise<ReadonlyMap<string, CaseId>> };
  readonly wakePlanner: (id: CaseId) => Promise<void>;
  readonly wakeWorkers: (wakes: readonly Wake[]) => Promise<void>;
  /** Milliseconds that this invocation may still take. */
  readonly remainingMs: () => number;
}

/**
 * Walks the delegation of one case step by step to a fixpoint and records an obligation for each credential that must die; then
 * closes the case if nothing is open. The cursors that are left are rows, so a crash repeats at most one step. Workers are woken when
 * the walk stops, so that they see as much of the case as possible.
 */
export async function planCase(id: CaseId, deps: PlanCase): Promise<void> {
  const wakes = new Map<string, Wake>();
  for (let lost = 0; lost < decisionsMax;) {
    const found = await deps.cases.find(id);
    const cursor =
      found && found.state !== 'closed' && found.cursors > 0 ? await deps.cases.nextCursor(id) : undefined;
    const pause = cursor !== undefined && deps.remainingMs() < groupReserveMs;
    if (!found || !cursor || pause) {
      if (wakes.size > 0) await deps.wakeWorkers([...wakes.values()]);
      if (pause) return deps.wakePlanner(id);
      return found && found.state !== 'closed' ? close(id, deps) : undefined;
    }
    // another run made progress on the same walk: read case and cursor again
    if (!(await walkStep(found, cursor, wakes, deps))) lost += 1;
  }
  throw new Contended(`walk of ${id}`);
}

async function close(id: CaseId, deps: PlanCase): Promise<void> {
  if ((await closeCase(id, deps)) !== 'working') return;
  await deps.commit([{ kind: 'postpone-case', case: id, dueAt: rfc3339(deps.now() + caseLookMs) }]);
}

/** Commits one step of the walk and adds its workers to `wakes`. Returns false if another writer changed the rows meanwhile. */
async function walkStep(
  planned: Case,
  cursor: Cursor,
  wakes: Map<string, Wake>,
  deps: PlanCase,
): Promise<boolean> {
  const listing = await listEdges(cursor, deps.edges, deps.newId);
  const step = await resolve(planned, cursor, listing, deps);
  for (const writes of planStep(planned, cursor, step, stampOf(deps)))
    if (!(await commitAndSend(writes, deps)).ok) return false;
  deps.log.info('walk step committed', {
    case: planned.id,
    node: cursor.node.kind,
    credentials: step.credentials.length,
    more: listing.next !== undefined || listing.branches.length > 0,
  });
  for (const { credential, standing } of step.credentials) {
    if (standing.kind === 'owed' && !standing.covered) continue;
    if (standing.kind === 'passed' || standing.kind === 'shared') continue;
    const { authority } = credential;
    const shard = shardOf(credential, planned.shards);
    wakes.set(`${shard}/${authority}`, { case: planned.id, shard, authority });
  }
  return true;
}

async function resolve(planned: Case, cursor: Cursor, listing: Listing, deps: PlanCase): Promise<Step> {
  const { node } = cursor;
  const found = listing.refs.length === 0 ? [] : await deps.credentials.findAll(listing.refs);
  const grants = new Map(
    found.flatMap((credential) => {
      const grant = grantOf(credential);
      return grant ? [[grantName(grant), grant]] : [];
    }),
  );
  const [credentials, through, granted] = await Promise.all([
    found.length === 0 ? [] : standingsOf(planned, found, listing.direct, deps),
    grantsThrough(planned, [...grants.values()], deps),
    node.kind === 'consent' && cursor.after === undefined
      ? deps.consents.granted(consentId(node.id), node.generation)
      : [],
  ]);
  return {
    credentials,
    grants: through,
    granted,
    branches: listing.branches,
    next: listing.next,
  };
}

/** Sorts condemned grants: `listed` by this walk, and `foreign`, which another case condemned first. */
async function grantsThrough(
  planned: Case,
  grants: readonly GrantRef[],
  deps: PlanCase,
): Promise<Step['grants']> {
  const condemned = grants.length === 0 ? new Map<string, CaseId>() : await deps.grants.condemned(grants);
  const foreign = grants.filter((grant) => (condemned.get(grantName(grant)) ?? planned.id) !== planned.id);
  const passed = foreign.length === 0 ? [] : await deps.cases.passedGrants(planned, foreign);
  const own = [...condemned].filter(([, by]) => by === planned.id).map(([name]) => name);
  return { listed: new Set([...own, ...passed]), foreign: new Set(foreign.map(grantName)) };
}
