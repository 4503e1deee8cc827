import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Obligation } from '../../../domain/case/obligation.ts';
import type { Write } from '../../../domain/transaction/write.ts';
import { check, update } from '../expressions.ts';
import { caseKeys } from '../keys.ts';

type WriteOf<Kind extends Write['kind']> = Extract<Write, { readonly kind: Kind }>;

export const obligationKey = (obligation: Obligation) =>
  caseKeys.obligation(obligation.case, obligation.shard, obligation);

export function moveCase(
  { case: id, from, to, dueAt, completeAt }: WriteOf<'move-case'>,
  cases: string,
): TransactWriteItem {
  const values = {
    state: from.state,
    cursors: from.cursors,
    to: to.state,
    left: to.cursors,
    dueAt,
    completeAt,
  };
  const set = ['#state = :to', '#cursors = :left', ...(completeAt ? ['#completeAt = :completeAt'] : [])];
  const change = dueAt
    ? `SET ${[...set, '#dueAt = :dueAt'].join(', ')}`
    : `SET ${set.join(', ')} REMOVE #dueShard, #dueAt`;
  return update(cases, caseKeys.case(id), change, { if: '#state = :state AND #cursors = :cursors', values });
}

export function settleObligation(
  { from, to }: WriteOf<'settle-obligation'>,
  cases: string,
): TransactWriteItem {
  const ended = to.state === 'dead' || to.state === 'waived';
  const set = ['#state = :to', '#attempts = :attempts', '#uncovered = :uncovered', '#last = :last'];
  if (to.seenActiveAt !== undefined) set.push('#seenActiveAt = :seenActiveAt');
  if (to.deadBy !== undefined) set.push('#deadBy = :deadBy');
  const change = ended
    ? `SET ${set.join(', ')} REMOVE #dueShard`
    : `SET ${[...set, '#dueAt = :dueAt'].join(', ')}`;
  const { attempts, uncovered, last, seenActiveAt, deadBy, dueAt } = to;
  return update(cases, obligationKey(from), change, {
    if: '#state = :from AND #round = :round AND #attempts = :tried',
    values: {
      ...{ to: to.state, attempts, uncovered, last, seenActiveAt, deadBy },
      ...(!ended && { dueAt }),
      ...{ from: from.state, round: from.round, tried: from.attempts },
    },
  });
}

export function postponeObligation(
  { obligation, dueAt }: WriteOf<'postpone-obligation'>,
  cases: string,
): TransactWriteItem {
  return update(cases, obligationKey(obligation), 'SET #dueAt = :dueAt', {
    if: '#state = :state AND #attempts = :attempts',
    values: { state: obligation.state, attempts: obligation.attempts, dueAt },
  });
}

export function acceptCollateral(
  { obligation, dueAt }: WriteOf<'accept-collateral'>,
  cases: string,
): TransactWriteItem {
  return update(cases, obligationKey(obligation), 'SET #collateral = :accepted, #dueAt = :dueAt', {
    if: '#state IN (:open, :draining) AND attribute_not_exists(#collateral)',
    values: { accepted: 'accepted', dueAt, open: 'open', draining: 'draining' },
  });
}

const counts = ['planned', 'dead', 'draining', 'waived', 'open', 'uncovered'] as const;

export function addTally({ case: id, shard, tally }: WriteOf<'add-tally'>, cases: string): TransactWriteItem {
  const change = `ADD ${counts.map((name) => `#${name} :${name}`).join(', ')}`;
  const values = Object.fromEntries(counts.map((name) => [name, tally[name] ?? 0]));
  return update(cases, caseKeys.tally(id, shard), change, { values });
}

export function requireTally(
  { case: id, shard, tally }: WriteOf<'require-tally'>,
  cases: string,
): TransactWriteItem {
  const key = caseKeys.tally(id, shard);
  if (tally.planned === 0) return check(cases, key, { if: 'attribute_not_exists(#pk)' });
  const condition = counts.map((name) => `#${name} = :${name}`).join(' AND ');
  return check(cases, key, { if: condition, values: { ...tally } });
}
