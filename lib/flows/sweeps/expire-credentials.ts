import { type Authority, covers } from '../../domain/inventory/authority.ts';
import type { Consent } from '../../domain/inventory/consent.ts';
import type { ConsentRef, Credential } from '../../domain/inventory/credential.ts';
import {
  decideConsentExpiry,
  decideCredentialExpiry,
  type Expiry,
} from '../../domain/decisions/intake/expire.ts';
import type { Fence } from '../../domain/case/fence.ts';
import type { AuthorityId, CaseId, CredentialRef } from '../../domain/ids.ts';
import { dueMsMax } from '../../domain/limits.ts';
import { shardOf } from '../../domain/case/obligation.ts';
import type { FenceSubject } from '../../domain/subject.ts';
import { dueRows, type DueShard } from './due-rows.ts';
import { commitAndSend, type Recorder, rfc3339, stampOf } from '../flow.ts';
import type { Chunk } from '../../domain/case/obligation.ts';

/** A row that has expired, by the index. */
export type Expired =
  | { readonly kind: 'consent'; readonly consent: ConsentRef }
  | { readonly kind: 'credential'; readonly credential: CredentialRef };

export interface ExpireCredentials extends Recorder {
  /** Reads an index that lags: the next run finds what this one misses. */
  readonly expired: DueShard<Expired>;
  readonly credentials: { find(ref: CredentialRef): Promise<Credential | undefined> };
  readonly consents: { find(id: string, generation: number): Promise<Consent | undefined> };
  readonly fences: { find(subject: FenceSubject): Promise<Fence | undefined> };
  readonly authorities: { find(id: AuthorityId): Promise<Authority | undefined> };
  readonly wakePlanner: (id: CaseId) => Promise<void>;
  readonly wakeWorkers: (chunks: readonly Chunk[]) => Promise<void>;
  /** Milliseconds that this invocation may still take. */
  readonly remainingMs: () => number;
}

/** The sweep stops with this much time left; the next run, a minute later, continues. */
const reserveMs = 5_000;

/**
 * Ends expired credentials by an obligation each, and expired consents by a fence and a case that walks. Concurrent sweeps
 * end each of them once: the rows decide, the index only points at them.
 */
export async function expireCredentials(
  deps: ExpireCredentials,
): Promise<{ readonly ended: number; readonly cleared: number }> {
  const done = { ended: 0, cleared: 0 };
  const dueBy = rfc3339(deps.now());
  let notOver = 0;
  let whole = true;
  for await (const row of dueRows(deps.expired, dueBy, deps.now())) {
    if (deps.remainingMs() < reserveMs) {
      whole = false;
      break;
    }
    const found = await find(row, deps);
    if (!found) continue;
    const isOver = timeOf(found) <= Date.parse(dueBy);
    if (!isOver) notOver += 1;
    const expiry = isOver ? await decide(found, deps) : takeOff(row, found);
    if (!expiry) continue;
    const committed = await commitAndSend(expiry.writes, deps);
    // another writer changed the row: it has done the same, or the next run decides again
    if (!committed.ok) continue;
    if (expiry.case) done.ended += 1;
    else done.cleared += 1;
    if (expiry.case) await wake(row, expiry.case.id, deps);
  }
  if (done.ended + done.cleared > 0) deps.log.info('expired', done);
  if (notOver > 0) deps.log.warn('the index has rows that are not due', { rows: notOver });
  if (!whole) deps.log.warn('time is up: some due rows were not checked', done);
  return done;
}

type Found =
  | { readonly kind: 'consent'; readonly consent: Consent }
  | { readonly kind: 'credential'; readonly credential: Credential };

/** Reads the row itself: the index may lag, and only the row says whether its time is over. */
async function find(row: Expired, deps: ExpireCredentials): Promise<Found | undefined> {
  if (row.kind === 'consent') {
    const consent = await deps.consents.find(row.consent.id, row.consent.generation);
    return consent && { kind: 'consent', consent };
  }
  const credential = await deps.credentials.find(row.credential);
  return credential && { kind: 'credential', credential };
}

const timeOf = (found: Found): number => {
  const { expiresAt } = found.kind === 'consent' ? found.consent : found.credential;
  return expiresAt === undefined ? Infinity : Date.parse(expiresAt);
};

async function decide(found: Found, deps: ExpireCredentials): Promise<Expiry> {
  if (found.kind === 'consent') {
    const { consent } = found;
    const fence = await deps.fences.find({ type: 'consent', id: consent.id });
    return decideConsentExpiry(consent, fence, stampOf(deps));
  }
  const { credential } = found;
  const authority = await deps.authorities.find(credential.authority);
  const covered = authority !== undefined && covers(authority, credential);
  return decideCredentialExpiry(credential, covered, stampOf(deps));
}

/** Takes a row that can never be due out of the index. A row that will be due later stays in it. */
function takeOff(row: Expired, found: Found): Expiry | undefined {
  if (timeOf(found) <= dueMsMax) return undefined;
  return { writes: [{ kind: 'clear-due', of: row.kind === 'consent' ? row.consent : row.credential }] };
}

async function wake(row: Expired, id: CaseId, deps: ExpireCredentials): Promise<void> {
  if (row.kind === 'consent') return deps.wakePlanner(id);
  await deps.wakeWorkers([
    { case: id, shard: shardOf(row.credential, 1), authority: row.credential.authority },
  ]);
}
