import type { Case } from '../../domain/case/case.ts';
import type { Consent } from '../../domain/inventory/consent.ts';
import type { Credential } from '../../domain/inventory/credential.ts';
import type { LinkedCustomer } from '../../domain/inventory/customer.ts';
import { decideGrant } from '../../domain/decisions/intake/grant.ts';
import { decideIssue } from '../../domain/decisions/intake/issue.ts';
import { decideRejection, type Rejection } from '../../domain/decisions/intake/reject.ts';
import { decideWithdrawal } from '../../domain/decisions/intake/withdraw.ts';
import type { CaseId, ConsentId, CredentialRef, CustomerPrint } from '../../domain/ids.ts';
import { decisionsMax, generationMax } from '../../domain/limits.ts';
import type { Signal, SignalKey } from '../../domain/intake/signal.ts';
import type { Write } from '../../domain/transaction/write.ts';
import { canonical } from '../../wire/digest.ts';
import type { Sender } from '../../wire/environment.ts';
import type { Envelope } from '../../wire/events-in.ts';
import { within } from '../../wire/speaks-for.ts';
import { commitAndSend, Contended, type Measure, type Recorder, stampOf } from '../flow.ts';
import { hearSignal, type Hearing } from './hear-signal.ts';
import { fateOf, look, type LookAbove, lookAll } from './look-above.ts';

export interface TakeSignal extends Recorder, Hearing, LookAbove {
  readonly signals: { digestOf(key: SignalKey): Promise<string | undefined> };
  readonly cases: LookAbove['cases'] & { find(id: CaseId): Promise<Case | undefined> };
  readonly consents: LookAbove['consents'] & {
    upTo(id: ConsentId, generation: number): AsyncIterable<Consent>;
  };
  readonly customers: { find(print: CustomerPrint): Promise<LinkedCustomer | undefined> };
  readonly credentials: LookAbove['credentials'] & {
    find(ref: CredentialRef): Promise<Credential | undefined>;
  };
  readonly wakePlanner: (id: CaseId) => Promise<void>;
  readonly measure: Measure;
  /** Sends the rejection to the queue Rejected: reason and digest, no body. */
  readonly sendRejected: (rejection: Rejection, from: Envelope | undefined) => Promise<void>;
}

/** The outcome of one announcement. */
export type Taken =
  | { readonly kind: 'recorded'; readonly case?: CaseId }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'rejected'; readonly code: Rejection['code'] };

/**
 * Takes one announcement from the bus. A withdrawal's fence, case and entry are one transaction: the effect.
 * A duplicate changes nothing. An announcement that can never work is recorded, sent to the queue Rejected, and not retried.
 * Throws if the store or a queue cannot be reached: SQS then delivers the message again.
 */
export async function takeSignal(body: string, deps: TakeSignal): Promise<Taken> {
  const heard = await hearSignal(body, deps);
  if (heard.kind === 'rejected') return reject(heard.rejection, heard.from, deps);
  const { signal, from, sender } = heard;
  const beyond = await beyondInventory(signal, sender, deps);
  if (beyond) return reject({ code: 'beyond-sender', reason: beyond, digest: signal.digest }, from, deps);
  for (let tries = 0; tries < decisionsMax; tries += 1) {
    const { writes, plan } = await decide(signal, tries > 0, deps);
    const committed = await commitAndSend(writes, deps);
    if (committed.ok) {
      if (plan) await deps.wakePlanner(plan);
      return { kind: 'recorded', ...(plan && { case: plan }) };
    }
    const settled = await explainFailure(signal, committed.failed, deps);
    if (settled === 'duplicate') return duplicate(signal, deps);
    if (settled) return reject({ ...settled, digest: signal.digest }, from, deps);
  }
  throw new Contended(`signal ${signal.digest}`);
}

/**
 * Returns why a source may not announce this, if the inventory says that the consent or credential belongs to another partner. A
 * source that speaks for all partners needs no read. A consent or credential that is not known yet is not refused.
 */
async function beyondInventory(
  signal: Signal,
  { partners }: Sender,
  deps: Pick<TakeSignal, 'consents' | 'credentials'>,
): Promise<string | undefined> {
  if (partners === '*') return undefined;
  const others = 'belongs to a partner for whom this source does not speak';
  switch (signal.kind) {
    case 'ConsentWithdrawn': {
      // the newest generation counts: a partner that used this id for an older one must not block the withdrawal
      const newest = await lastOf(deps.consents.upTo(signal.consent.id, signal.consent.generation));
      return newest && !within(partners, newest.partner) ? `consent: ${others}` : undefined;
    }
    case 'ConsentGranted': {
      for await (const consent of deps.consents.upTo(signal.consent.id, generationMax))
        if (!within(partners, consent.partner)) return `consent: its id ${others}`;
      return undefined;
    }
    case 'CredentialRefreshed': {
      const { replaces } = signal.credential;
      const replaced = replaces && (await deps.credentials.find(replaces));
      return replaced && !within(partners, replaced.partner) ? `replaces: ${others}` : undefined;
    }
    case 'CredentialIssued':
    case 'CredentialExchanged':
      return undefined;
  }
}

async function lastOf<One>(all: AsyncIterable<One>): Promise<One | undefined> {
  let last: One | undefined;
  for await (const one of all) last = one;
  return last;
}

/** `informed`: an earlier attempt failed, so the rows that caused it are read. The first attempt of a withdrawal waits for no read. */
async function decide(
  signal: Signal,
  informed: boolean,
  deps: TakeSignal,
): Promise<{ readonly writes: readonly Write[]; readonly plan?: CaseId }> {
  const stamp = stampOf(deps);
  switch (signal.kind) {
    case 'ConsentWithdrawn': {
      const fence = informed ? await deps.fences.find({ type: 'consent', id: signal.consent.id }) : undefined;
      const decision = decideWithdrawal(signal, fence, stamp);
      return {
        writes: decision.writes,
        plan: decision.kind === 'fence' ? decision.case.id : decision.fence.case,
      };
    }
    case 'ConsentGranted': {
      const above = informed ? await look(signal.consent.partner, signal.consent, deps) : {};
      const known = await deps.customers.find(signal.consent.customer);
      return { writes: decideGrant(signal, above, known?.pseudonym, stamp) };
    }
    case 'CredentialIssued':
    case 'CredentialRefreshed':
    case 'CredentialExchanged': {
      const above = informed ? await lookAll(signal.credential, deps) : {};
      const issue = decideIssue(signal, above, await fateOf(signal.credential, above, deps), stamp);
      return { writes: issue.writes, ...(issue.case && { plan: issue.case.id }) };
    }
  }
}

type Failure = 'duplicate' | Pick<Rejection, 'code' | 'reason'> | undefined;

/** Explains a failed commit that another attempt cannot repair; undefined: decide again. */
async function explainFailure(signal: Signal, failed: readonly Write[], deps: TakeSignal): Promise<Failure> {
  for (const write of failed) {
    if (write.kind === 'see-signal') {
      const known = await deps.signals.digestOf(signal.key);
      if (known === signal.digest) return 'duplicate';
      return {
        code: 'id-reused',
        reason:
          'this account and source have already announced something else under this id: announce it under a new id',
      };
    }
    // another writer created the customer's pseudonym meanwhile: decide again with that one
    if (write.kind === 'add-consent' && failed.some(({ kind }) => kind === 'link-customer')) return undefined;
    // a condition on a revision fails if the partner was registered again meanwhile: decide again
    if (write.kind === 'require-partner' && write.revision === undefined)
      return {
        code: 'partner-unknown',
        reason: 'the partner is not registered: register it, then announce this again',
      };
    if (write.kind === 'add-consent') {
      const known = await deps.consents.find(write.consent.id, write.consent.generation);
      return known && sameConsent(known, write.consent) ? 'duplicate' : conflict('consent and generation');
    }
    if (write.kind === 'add-credential') {
      const known = await deps.credentials.find(write.credential);
      if (known && !known.handle && write.credential.handle)
        return {
          code: 'conflict',
          reason:
            'this credential is known without a handle, and a handle cannot be added: announce it under another id',
        };
      return known && sameCredential(known, write.credential)
        ? 'duplicate'
        : conflict('authority and credential id');
    }
  }
  return undefined;
}

const conflict = (what: string): Failure => ({
  code: 'conflict',
  reason: `something else is already known under the same ${what}`,
});

const sameConsent = (a: Consent, b: Consent): boolean =>
  canonical({ ...a, state: null }) === canonical({ ...b, state: null });

// sealing the same token twice produces two different JWEs, so handles are not compared
const sameCredential = (a: Credential, b: Credential): boolean => {
  const bare = (credential: Credential) =>
    canonical({ ...credential, handle: null, state: null, round: null, condemnedBy: null });
  return bare(a) === bare(b);
};

/** Answers a duplicate. If the case is open, its walk is woken again: the first delivery may have ended before it did so. */
async function duplicate(signal: Signal, deps: TakeSignal): Promise<Taken> {
  const by = await condemnedBy(signal, deps);
  const latest = by === undefined ? undefined : await deps.cases.latest(by);
  if (latest && latest.state !== 'closed') await deps.wakePlanner(latest.id);
  return { kind: 'duplicate' };
}

async function condemnedBy(signal: Signal, deps: TakeSignal): Promise<CaseId | undefined> {
  if (signal.kind === 'ConsentGranted') return undefined;
  if (signal.kind === 'ConsentWithdrawn')
    return (await deps.fences.find({ type: 'consent', id: signal.consent.id }))?.case;
  return (await deps.credentials.find(signal.credential))?.condemnedBy;
}

async function reject(rejection: Rejection, from: Envelope | undefined, deps: TakeSignal): Promise<Taken> {
  deps.measure('AnnouncementsRejected', 1, rejection.code);
  deps.log.warn('announcement rejected', { ...rejection, ...senderOf(from) });
  // the commit fails if this digest is on record already: then only the message is sent again
  await deps.commit(decideRejection(rejection, senderOf(from), stampOf(deps)));
  await deps.sendRejected(rejection, from);
  return { kind: 'rejected', code: rejection.code };
}

/** The sender as EventBridge names it. The event id finds the event in the sender's own log. */
const senderOf = (from: Envelope | undefined) =>
  from && {
    account: from.account,
    source: from.source,
    event: from.id,
    // cut by characters, because half of a surrogate pair has no canonical form
    detailType: Array.from(from['detail-type']).slice(0, 128).join(''),
  };
