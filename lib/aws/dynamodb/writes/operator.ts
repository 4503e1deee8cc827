import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { cutOffPageCredentials } from '../../../domain/limits.ts';
import type { Write } from '../../../domain/transaction/write.ts';
import { isNew, put, update } from '../expressions.ts';
import { caseKeys, holdKey } from '../keys.ts';

type WriteOf<Kind extends Write['kind']> = Extract<Write, { readonly kind: Kind }>;

export function placeHold({ hold, after }: WriteOf<'place-hold'>, fences: string): TransactWriteItem {
  const condition =
    after === null ? isNew : { if: '#id = :after AND #state = :lifted', values: { after, lifted: 'lifted' } };
  return put(fences, { ...holdKey(hold.subject), ...hold }, condition);
}

export function liftHold({ hold, by, at }: WriteOf<'lift-hold'>, fences: string): TransactWriteItem {
  return update(fences, holdKey(hold.subject), 'SET #state = :lifted, #liftedBy = :by, #liftedAt = :at', {
    if: '#id = :id AND #state = :held',
    values: { id: hold.id, held: 'held', lifted: 'lifted', by, at },
  });
}

export function askApproval({ approval, over }: WriteOf<'ask-approval'>, cases: string): TransactWriteItem {
  const condition =
    over === null
      ? isNew
      : {
          if: '#state = :was AND #by = :who AND #at = :when',
          values: { was: over.state, who: over.by, when: over.at },
        };
  return put(cases, { ...caseKeys.approval(approval.what), ...approval }, condition);
}

export function useApproval({ approval, by, at }: WriteOf<'use-approval'>, cases: string): TransactWriteItem {
  const { what, digest } = approval;
  return update(cases, caseKeys.approval(what), 'SET #state = :used, #usedBy = :user, #usedAt = :usedAt', {
    // the database itself refuses the same person as first and second, even where the decision was wrong
    if: '#state = :asked AND #by = :asker AND #at = :askedAt AND #digest = :digest AND #by <> :user',
    values: {
      used: 'used',
      user: by,
      usedAt: at,
      asked: 'asked',
      asker: approval.by,
      askedAt: approval.at,
      digest,
    },
  });
}

export function addCutOff({ cutOff, set }: WriteOf<'add-cut-off'>, cases: string): TransactWriteItem[] {
  const pages: TransactWriteItem[] = [];
  for (let start = 0; start < set.length; start += cutOffPageCredentials)
    pages.push(
      put(
        cases,
        {
          ...caseKeys.cutOffPage(cutOff.id, start / cutOffPageCredentials),
          credentials: set
            .slice(start, start + cutOffPageCredentials)
            .map(({ authority, id }) => ({ authority, id })),
        },
        isNew,
      ),
    );
  return [put(cases, { ...caseKeys.cutOff(cutOff.id), ...cutOff }, isNew), ...pages];
}

export function useCutOff({ cutOff, case: id }: WriteOf<'use-cut-off'>, cases: string): TransactWriteItem {
  return update(cases, caseKeys.cutOff(cutOff.id), 'SET #state = :executed, #case = :case', {
    if: '#state = :ready',
    values: { executed: 'executed', ready: 'ready', case: id },
  });
}
