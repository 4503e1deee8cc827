import type { Case, Cursor, PlanNode } from '../domain/case.ts';
import { type Authority, covers } from '../domain/authority.ts';
import type { Credential } from '../domain/credential.ts';
import { planPage } from '../domain/decisions/plan.ts';
import type { AuthorityId, CaseId, CredentialRef } from '../domain/ids.ts';
import { caseLookMs, decisionsMax, groupReserveMs, planPageCredentials } from '../domain/limits.ts';
import { shardOf } from '../domain/obligation.ts';
import { credentialName } from '../domain/names.ts';
import { closeCase, type CloseCase } from './close-case.ts';
import { commitAndSend, Contended, rfc3339, stampOf } from './flow.ts';

export interface PlanCase extends CloseCase {
  readonly cases: CloseCase['cases'] & {
    /** Any node that is still to be listed. */
    nextCursor(id: CaseId): Promise<Cursor | undefined>;
    /** Of these credentials, the names of those with an obligation in the case. */
    planned(of: Case, credentials: readonly CredentialRef[]): Promise<ReadonlySet<string>>;
  };
  readonly edges: {
    /** Strongly consistent: a credential whose transaction committed before the fence is on a page. */
    page(
      node: PlanNode,
      after: string | undefined,
      limit: number,
    ): Promise<{ readonly refs: readonly CredentialRef[]; readonly next?: string | undefined }>;
  };
  readonly credentials: { findAll(refs: readonly CredentialRef[]): Promise<readonly Credential[]> };
  readonly authorities: { findAll(ids: readonly AuthorityId[]): Promise<readonly Authority[]> };
  readonly wakePlanner: (id: CaseId) => Promise<void>;
  readonly wakeWorkers: (
    wakes: readonly { readonly case: CaseId; readonly shard: number; readonly authority: AuthorityId }[],
  ) => Promise<void>;
  /** Milliseconds that this invocation may still take. */
  readonly remainingMs: () => number;
}

/**
 * Walks the delegation of one case, page by page, and turns what it finds into obligations; then closes the
 * case if nothing is left to do. The nodes still to walk are rows: a crash repeats at most one page.
 */
export async function planCase(id: CaseId, deps: PlanCase): Promise<void> {
  for (let lost = 0; lost < decisionsMax;) {
    const found = await deps.cases.find(id);
    if (!found || found.state === 'closed') return;
    const cursor = found.cursors > 0 ? await deps.cases.nextCursor(id) : undefined;
    if (!cursor) return close(id, deps);
    if (deps.remainingMs() < groupReserveMs) return deps.wakePlanner(id);
    // a lost race is another planner's progress: case and cursor are read anew
    if (!(await planOne(found, cursor, deps))) lost += 1;
  }
  throw new Contended(`planning of ${id}`);
}

async function close(id: CaseId, deps: PlanCase): Promise<void> {
  if ((await closeCase(id, deps)) !== 'working') return;
  await deps.commit([{ kind: 'postpone-case', case: id, dueAt: rfc3339(deps.now() + caseLookMs) }]);
}

/** Plans one page; false where another writer moved what it was decided on. */
async function planOne(planned: Case, cursor: Cursor, deps: PlanCase): Promise<boolean> {
  const { refs, next } = await deps.edges.page(cursor.node, cursor.after, planPageCredentials);
  const credentials = await deps.credentials.findAll(refs);
  const settled = await deps.cases.planned(
    planned,
    credentials.filter(({ state }) => state !== 'live'),
  );
  const authorities = await deps.authorities.findAll([
    ...new Set(credentials.map(({ authority }) => authority)),
  ]);
  const covered = (credential: Credential): boolean =>
    authorities.some((known) => known.id === credential.authority && covers(known, credential));
  const page = {
    credentials,
    planned: (credential: Credential) => settled.has(credentialName(credential)),
    covered,
    next,
  };
  if (!(await commitAll(planPage(planned, cursor, page, stampOf(deps)), deps))) return false;
  deps.log.info('page planned', {
    case: planned.id,
    credentials: credentials.length,
    more: next !== undefined,
  });
  await wake(planned, credentials, covered, deps);
  return true;
}

async function commitAll(transactions: ReturnType<typeof planPage>, deps: PlanCase): Promise<boolean> {
  for (const writes of transactions) {
    const committed = await commitAndSend(writes, deps);
    if (!committed.ok) return false;
  }
  return true;
}

async function wake(
  planned: Case,
  credentials: readonly Credential[],
  covered: (credential: Credential) => boolean,
  deps: PlanCase,
): Promise<void> {
  const wakes = new Map<string, { case: CaseId; shard: number; authority: AuthorityId }>();
  for (const credential of credentials) {
    if (!covered(credential)) continue;
    const shard = shardOf(credential, planned.shards);
    wakes.set(`${shard}/${credential.authority}`, {
      case: planned.id,
      shard,
      authority: credential.authority,
    });
  }
  if (wakes.size > 0) await deps.wakeWorkers([...wakes.values()]);
}
