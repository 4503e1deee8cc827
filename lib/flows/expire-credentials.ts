import { type Authority, covers } from '../domain/authority.ts';
import type { Consent } from '../domain/consent.ts';
import type { ConsentRef, Credential } from '../domain/credential.ts';
import { decideConsentExpiry, decideCredentialExpiry, type Expiry } from '../domain/decisions/expire.ts';
import type { Fence } from '../domain/fence.ts';
import type { AuthorityId, CaseId, CredentialRef } from '../domain/ids.ts';
import { duePage, dueShards } from '../domain/limits.ts';
import { shardOf } from '../domain/obligation.ts';
import type { FenceSubject } from '../domain/subject.ts';
import { commitAndSend, type Recorder, rfc3339, stampOf } from './flow.ts';
import type { Chunk } from '../domain/obligation.ts';

/** A row whose time has come. */
export type Expired =
  | { readonly kind: 'consent'; readonly consent: ConsentRef }
  | { readonly kind: 'credential'; readonly credential: CredentialRef };

export interface ExpireCredentials extends Recorder {
  /** Rows of one due shard with a time at or before `dueBy`. Reads an index: what it misses comes with the next run. */
  readonly expired: (shard: number, dueBy: string, limit: number) => Promise<readonly Expired[]>;
  readonly credentials: { find(ref: CredentialRef): Promise<Credential | undefined> };
  readonly consents: { find(id: string, generation: number): Promise<Consent | undefined> };
  readonly fences: { find(subject: FenceSubject): Promise<Fence | undefined> };
  readonly authorities: { find(id: AuthorityId): Promise<Authority | undefined> };
  readonly wakePlanner: (id: CaseId) => Promise<void>;
  readonly wakeWorkers: (chunks: readonly Chunk[]) => Promise<void>;
  /** Milliseconds that this invocation may still take. */
  readonly remainingMs: () => number;
}

/** The sweep stops with this much left; the next run, a minute later, goes on. */
const reserveMs = 5_000;

/**
 * Ends what is due: each credential by an obligation of its own, each consent by a fence and a plan. Two sweeps
 * at once do it once: the rows decide, the index only points at them.
 */
export async function expireCredentials(
  deps: ExpireCredentials,
): Promise<{ readonly ended: number; readonly cleared: number }> {
  const done = { ended: 0, cleared: 0 };
  const dueBy = rfc3339(deps.now());
  for (let shard = 0; shard < dueShards; shard += 1) {
    for (const row of await deps.expired(shard, dueBy, duePage)) {
      if (deps.remainingMs() < reserveMs) return done;
      const expiry = await decide(row, dueBy, deps);
      if (!expiry) continue;
      const committed = await commitAndSend(expiry.writes, deps);
      // whoever moved the row first has done it, or the next run decides anew
      if (!committed.ok) continue;
      if (expiry.case) done.ended += 1;
      else done.cleared += 1;
      if (expiry.case) await wake(row, expiry.case.id, deps);
    }
  }
  if (done.ended + done.cleared > 0) deps.log.info('expired', done);
  return done;
}

/** The index may lag: the row itself says whether its time is over. */
async function decide(row: Expired, dueBy: string, deps: ExpireCredentials): Promise<Expiry | undefined> {
  const over = (expiresAt: string | undefined) =>
    expiresAt !== undefined && Date.parse(expiresAt) <= Date.parse(dueBy);
  if (row.kind === 'consent') {
    const consent = await deps.consents.find(row.consent.id, row.consent.generation);
    if (!consent || !over(consent.expiresAt)) return undefined;
    return decideConsentExpiry(
      consent,
      await deps.fences.find({ type: 'consent', id: consent.id }),
      stampOf(deps),
    );
  }
  const credential = await deps.credentials.find(row.credential);
  if (!credential || !over(credential.expiresAt)) return undefined;
  const authority = await deps.authorities.find(credential.authority);
  return decideCredentialExpiry(
    credential,
    authority !== undefined && covers(authority, credential),
    stampOf(deps),
  );
}

async function wake(row: Expired, id: CaseId, deps: ExpireCredentials): Promise<void> {
  if (row.kind === 'consent') return deps.wakePlanner(id);
  await deps.wakeWorkers([
    { case: id, shard: shardOf(row.credential, 1), authority: row.credential.authority },
  ]);
}
