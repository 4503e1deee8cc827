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
 * Records that an operator accepts the collateral of one obligation: its credential may be revoked although live credentials outside
 * the case end with it. One operator is enough. A worker tries it after the next chase. The same order again returns the same answer
 * and makes the obligation due at once.
 */
export async function approveCollateral(
  { case: id, credential, reason }: Extract<OperateRequest, { command: 'approve' }>,
  by: string,
  deps: Approve,
): Promise<AnswerOf<'approved' | 'refused'>> {
  for (let tries = 0; tries < decisionsMax; tries += 1) {
    const of = await deps.cases.find(id);
    if (!of) return refusal('case-unknown', `there is no case ${id}: rescind case list shows the open cases`);
    const obligation = await deps.owed.find(of, credential);
    if (!obligation)
      return refusal(
        'obligation-unknown',
        `${id} has no obligation for ${credential.authority}/${credential.id}: rescind case show lists its obligations; a shared credential is not revoked and has none`,
      );
    const ends = isOwed(obligation) ? await endsWith(credential, deps) : [];
    const decision = decideAcceptance({ case: of, obligation, ends }, { by, reason }, stampOf(deps));
    if (decision.kind === 'refused') return refused(decision.because, obligation);
    const committed = decision.writes.length === 0 || (await deps.commit(decision.writes)).ok;
    // if only the due time was to change, the writer that changed the row is at work on the obligation
    if (!committed && decision.kind === 'accept') continue;
    if (decision.kind === 'accept')
      deps.log.warn('collateral accepted', { case: id, credential: credential.id, by, count: ends.length });
    const { state } = obligation;
    const names = ends.slice(0, collateralNamesMax).map(credentialName);
    return { kind: 'approved', case: id, credential, state, count: ends.length, ends: names };
  }
  throw new Contended(`obligation ${credential.authority}/${credential.id} of ${id}`);
}

/** Lists the live credentials that would end with this one. */
async function endsWith(ref: CredentialRef, deps: Approve): Promise<readonly Credential[]> {
  const [credential] = await deps.credentials.findAll([ref]);
  return credential ? collateralOf(credential, await listBeside(credential, deps)) : [];
}

type Because = Extract<Acceptance, { readonly kind: 'refused' }>['because'];

function refused(because: Because, obligation: Obligation): AnswerOf<'refused'> {
  const { authority, id, state, last } = obligation;
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
        last === undefined
          ? `${authority}/${id} was not tried yet: accept its collateral only when rescind case show says that it waits for that`
          : `${authority}/${id} does not wait for this: its last attempt ended as ${last}; rescind case show explains it`,
      );
  }
}
