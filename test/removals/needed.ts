import { matchesAction, matchesResource } from '../cloud/iam/language/match.ts';
import type { Refused } from '../cloud/iam/enforcement.ts';
import type { TemplatePolicies } from '../cloud/iam/template/policy-collection.ts';
import { namedBy } from '../cloud/iam/language/principal.ts';
import type { ProofReport } from '../cloud/iam/record.ts';
import type { RawTemplate } from './find-statements.ts';
import { listRemovals, type Removal } from './list-removals.ts';

/** Keys of what can be taken out of a template that a report has seen used. */
export function neededKeys(template: RawTemplate, { proven }: ProofReport): readonly string[] {
  const idle = new Map(
    proven.map((one) => [one.id, one.idle.map(({ action, resource }) => `${action} ${alike(resource)}`)]),
  );
  return listRemovals(template)
    .filter(({ statement, pair }) => {
      const unused = idle.get(statement.id);
      return unused && !(pair && unused.includes(`${pair.action} ${alike(pair.resource)}`));
    })
    .map(({ key }) => key);
}

/** Whether a refusal is about what was taken out: its action, its resource, somebody whom its statement is for. */
export function isAbout(
  { principal, action, resource }: Refused,
  { statement, pair }: Pick<Removal, 'statement' | 'pair'>,
  policies: Pick<TemplatePolicies, 'ofRole' | 'ofManagedPolicy' | 'statements'>,
): boolean {
  if (statement.effect === 'Deny') return false;
  const named = pair
    ? matchesAction(pair.action, action) && matchesResource(alike(pair.resource), resource)
    : true;
  if (!named) return false;
  if (statement.principals) return namedBy(statement.principals, principal) !== undefined;
  // a managed policy is for whoever it is given to outside the template
  if (principal.kind === 'role') return policies.ofRole(principal.arn).some(({ id }) => id === statement.id);
  return principal.kind === 'user';
}

/** A secret of the template has six other characters at its end in each world. */
const alike = (resource: string): string =>
  resource.replace(/^(arn:aws:secretsmanager:.*)-[A-Za-z0-9]{6}$/, '$1-??????');
