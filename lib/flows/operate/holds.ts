import type { Credential } from '../../domain/inventory/credential.ts';
import { decideHold, decideLift, heldName } from '../../domain/decisions/operate/hold.ts';
import { heldBy, type Hold, holdIdOf } from '../../domain/emergency/hold.ts';
import type { ConsentId, CredentialRef, PartnerId } from '../../domain/ids.ts';
import { decisionsMax } from '../../domain/limits.ts';
import type { Partner } from '../../domain/inventory/partner.ts';
import type { CaseSubject } from '../../domain/subject.ts';
import { sha256 } from '../../wire/digest.ts';
import type { AnswerOf, OperateRequest } from '../../wire/operate.ts';
import { commitAndSend, Contended, rfc3339, stampOf } from '../flow.ts';
import { refusal, type RefusalCode } from './refusal.ts';
import { type Approvals, consult, recordAsked } from './two-people.ts';

export interface Holds extends Approvals {
  readonly holds: { find(subject: CaseSubject): Promise<Hold | undefined> };
  readonly partners: { find(id: PartnerId): Promise<Partner | undefined> };
  readonly consents: { known(id: ConsentId): Promise<boolean> };
  readonly credentials: { find(ref: CredentialRef): Promise<Credential | undefined> };
}

type Refused = AnswerOf<'refused'>;

/**
 * Places a hold on a partner, a consent or a credential; one operator is enough. The same request returns the same hold.
 * A hold on a partner or on a client's current key stops rotations (`findHold`). It revokes nothing, and intake accepts new consents
 * and credentials as before. There is no gate yet, so tokens that exist keep working at the APIs.
 */
export async function suspend(
  { subject, request, reason }: Extract<OperateRequest, { command: 'suspend' }>,
  by: string,
  deps: Holds,
): Promise<AnswerOf<'held'> | Refused> {
  if (!(await exists(subject, deps)))
    return refusal(
      `${subject.type}-unknown` satisfies RefusalCode,
      `there is no ${subject.type} ${subject.type === 'credential' ? `${subject.authority}/` : ''}${subject.id}: check the id`,
    );
  const id = holdIdOf(subject, request);
  for (let tries = 0; tries < decisionsMax; tries += 1) {
    const before = await deps.holds.find(subject);
    if (before?.id === id && before.state === 'held')
      return { kind: 'held', hold: id, by: before.by, at: before.at };
    // request ids are ULIDs: an id that is not newer than the last hold's was used before, and that hold was lifted
    if (before && id <= before.id)
      return refusal('request-reused', `hold ${id} was lifted: suspend again with a new request id`);
    if (before?.state === 'held')
      return refusal('held-already', `hold ${before.id} is active: ${before.by} placed it at ${before.at}`);
    const hold: Hold = { id, subject, state: 'held', reason, by, at: rfc3339(deps.now()) };
    if (!(await commitAndSend(decideHold(hold, before, stampOf(deps)), deps)).ok) continue;
    deps.log.warn('access held', { hold: id, by });
    return { kind: 'held', hold: id, by, at: hold.at };
  }
  throw new Contended(`hold ${id}`);
}

/** Lifts a hold once two different operators have asked for it; the first request is kept for a day. */
export async function reinstate(
  { hold: id, reason }: Extract<OperateRequest, { command: 'reinstate' }>,
  by: string,
  deps: Holds,
): Promise<AnswerOf<'asked' | 'lifted'> | Refused> {
  const unknown = () =>
    refusal('hold-unknown', `there is no hold ${id}: use the id that rescind suspend printed`);
  const subject = heldBy(id);
  if (!subject) return unknown();
  const what = `lift/${id}`;
  for (let tries = 0; tries < decisionsMax; tries += 1) {
    const hold = await deps.holds.find(subject);
    if (hold?.id !== id) return unknown();
    if (hold.state === 'lifted') return lifted(hold, what, deps);
    const two = await consult({ what, digest: sha256(what), by }, deps);
    if (two.kind === 'first') {
      const entry = { subject: heldName(subject), facts: { hold: id, reason } };
      const asked = await recordAsked(two, entry, deps);
      if (asked) return asked;
      continue;
    }
    const { askedBy, write: approval } = two;
    const writes = decideLift(hold, { by, askedBy, reason, approval }, stampOf(deps));
    if (!(await commitAndSend(writes, deps)).ok) continue;
    deps.log.warn('hold lifted', { hold: id, by, askedBy });
    return { kind: 'lifted', hold: id, by, askedBy };
  }
  throw new Contended(`hold ${id}`);
}

async function lifted(hold: Hold, what: string, deps: Holds): Promise<AnswerOf<'lifted'>> {
  const approval = await deps.approvals.find(what);
  const { id, liftedBy = '' } = hold;
  return { kind: 'lifted', hold: id, by: liftedBy, askedBy: approval?.by ?? '', already: true };
}

async function exists(subject: CaseSubject, deps: Holds): Promise<boolean> {
  switch (subject.type) {
    case 'partner':
      return (await deps.partners.find(subject.id)) !== undefined;
    case 'consent':
      return deps.consents.known(subject.id);
    case 'credential':
      return (await deps.credentials.find(subject)) !== undefined;
  }
}
