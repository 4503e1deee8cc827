import { type Asking, decideTwoPeople, type TwoPeople } from '../../domain/decisions/operate/two-people.ts';
import { recorded } from '../../domain/transaction/stamp.ts';
import type { Approval } from '../../domain/emergency/approval.ts';
import type { Facts } from '../../domain/transaction/entry.ts';
import { approvalHours } from '../../domain/limits.ts';
import type { AnswerOf } from '../../wire/operate.ts';
import { type Recorder, rfc3339, stampOf } from '../flow.ts';

export interface Approvals extends Recorder {
  readonly approvals: { find(what: string): Promise<Approval | undefined> };
}

/** Reads an earlier order for the same, and decides whether this one is the first or the second. */
export async function consult(asking: Asking, deps: Approvals): Promise<TwoPeople> {
  const approval = await deps.approvals.find(asking.what);
  const found = approval && { approval, askedAt: Date.parse(approval.at) };
  return decideTwoPeople(asking, found, stampOf(deps));
}

/** Records the order of the first of two operators. Returns undefined if another order was recorded meanwhile: decide again. */
export async function recordAsked(
  first: Extract<TwoPeople, { readonly kind: 'first' }>,
  entry: { readonly subject: string; readonly facts: Facts },
  deps: Approvals,
): Promise<AnswerOf<'asked'> | undefined> {
  const { what, by, at } = first.approval;
  if (first.write) {
    const facts = { ...entry.facts, what, by, digest: first.approval.digest };
    const writes = recorded([first.write], { kind: 'asked', subject: entry.subject, facts }, stampOf(deps));
    if (!(await deps.commit(writes)).ok) return undefined;
  }
  return { kind: 'asked', what, by, until: rfc3339(Date.parse(at) + approvalHours * 3_600_000) };
}
