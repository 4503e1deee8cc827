import type { Case } from '../../domain/case/case.ts';
import type { Credential } from '../../domain/inventory/credential.ts';
import { collateralOf } from '../../domain/decisions/walk/collateral.ts';
import {
  type Acceptance,
  collateralNamesMax,
  decideAcceptance,
  isOwed,
} from '../../domain/decisions/operate/approve.ts';
import type { CaseId, CredentialRef } from '../../domain/ids.ts';
import { decisionsMax } from '../../domain/limits.ts';
import { credentialName } from '../../domain/names.ts';
import type { Obligation } from '../../domain/case/obligation.ts';
import type { AnswerOf, OperateRequest } from '../../wire/operate.ts';
import { type FindCollateral, listBeside } from '../walk/find-collateral.ts';
import { Contended, type Recorder, stampOf } from '../flow.ts';
import { refusal } from './refusal.ts';

export interface Approve extends Recorder, Pick<FindCollateral, 'edges' | 'credentials'> {
  readonly cases: { find(id: CaseId): Promise<Case | undefined> };
  readonly owed: { find(of: Case, ref: CredentialRef): Promise<Obligation | undefined> };
}

/**
 * Lets a credential of a case be killed although what lives outside the case dies with it; a worker tries it when the chaser comes
 * by. One person is enough. Whoever asks again is told the same, and has it tried again at once.
 */
export async function approveCollateral(
  { case: id, credential, reason }: Extract<OperateRequest, { command: 'approve' }>,
  by: string,
  deps: Approve,
): Promise<AnswerOf<'approved' | 'refused'>> {
  for (let tries = 0; tries < decisionsMax; tries += 1) {
    const of = await deps.cases.find(id);
    if (!of)
      return refusal('case-unknown', `there is no case ${id}: rescind case list has those that are open`);
    const obligation = await deps.owed.find(of, credential);
    if (!obligation)
      return refusal(
        'obligation-unknown',
        `${id} owes no ${credential.authority}/${credential.id}: rescind case show lists what it owes; what it lists as shared is not killed`,
      );
    const ends = isOwed(obligation) ? await endsWith(credential, deps) : [];
    const decision = decideAcceptance({ case: of, obligation, ends }, { by, reason }, stampOf(deps));
    if (decision.kind === 'refused') return refused(decision.because, obligation);
    const committed = decision.writes.length === 0 || (await deps.commit(decision.writes)).ok;
    // where only a new time was to be written, whoever moved the row is at work on it
    if (!committed && decision.kind === 'accept') continue;
    if (decision.kind === 'accept')
      deps.log.warn('collateral accepted', { case: id, credential: credential.id, by, count: ends.length });
    const { state } = obligation;
    const names = ends.slice(0, collateralNamesMax).map(credentialName);
    return { kind: 'approved', case: id, credential, state, count: ends.length, ends: names };
  }
  throw new Contended(`obligation ${credential.authority}/${credential.id} of ${id}`);
}

/** What lives, and would end with it. */
async function endsWith(ref: CredentialRef, deps: Approve): Promise<readonly Credential[]> {
  const [credential] = await deps.credentials.findAll([ref]);
  return credential ? collateralOf(credential, await listBeside(credential, deps)) : [];
}

type Because = Extract<Acceptance, { readonly kind: 'refused' }>['because'];

function refused(because: Because, obligation: Obligation): AnswerOf<'refused'> {
  const { authority, id, state, last = 'none, it was not tried yet' } = obligation;
  switch (because) {
    case 'case-closed':
      return refusal(
        because,
        `${obligation.case} is closed, and ${authority}/${id} is ${state}: nothing is left to decide`,
      );
    case 'ended-already':
      return refusal(because, `${authority}/${id} is ${state} already: nothing is left to decide`);
    case 'not-blocked':
      return refusal(
        because,
        `no collateral keeps ${authority}/${id} from being revoked; what came of the last attempt: ${last}`,
      );
  }
}
