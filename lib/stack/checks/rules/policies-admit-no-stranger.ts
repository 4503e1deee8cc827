import type { Rule } from '../rule.ts';
import { type Allow, allowsOf } from '../statements.ts';
import { asList, isObject } from '../template.ts';

/** Keys that tell whose the caller is; what they are compared with has to be one account or organization. */
const ofOwner = [
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'kms:calleraccount',
];

/** Operators that do not hold where the key is absent. */
const demanding = /^(ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$/;

export const policiesAdmitNoStranger: Rule = {
  name: 'policies-admit-no-stranger',
  promise: 'A policy that admits any principal says of which account or organization',
  remedy:
    'Name the principals; where that cannot be, add a condition StringEquals on aws:PrincipalAccount, aws:PrincipalOrgID or ' +
    'aws:SourceAccount',
  find: (resources) =>
    allowsOf(resources)
      .filter((allow) => admitsAnybody(allow) && !asksForOwner(allow.conditions))
      .map(({ resource, at }) => ({ resource, at, got: 'an Allow for every principal of every account' })),
};

function admitsAnybody({ principal, admitsByExclusion }: Allow): boolean {
  const named = isObject(principal) ? Object.values(principal).flatMap(asList) : asList(principal);
  return admitsByExclusion || named.some((one) => typeof one === 'string' && one.includes('*'));
}

function asksForOwner(conditions: unknown): boolean {
  if (!isObject(conditions)) return false;
  return Object.entries(conditions)
    .filter(([operator]) => demanding.test(operator))
    .flatMap(([, compared]) => (isObject(compared) ? Object.entries(compared) : []))
    .some(
      ([key, values]) =>
        ofOwner.includes(key.toLowerCase()) &&
        asList(values).length > 0 &&
        asList(values).every((value) => !JSON.stringify(value).includes('*')),
    );
}
