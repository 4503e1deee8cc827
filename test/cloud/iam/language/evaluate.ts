import { type Context, conditionHolds } from './conditions.ts';
import { accountOf, matchesAction, matchesResource } from './match.ts';
import type { Patterns, Statement } from './policy.ts';
import { accountOfPrincipal, namedBy, type Principal } from './principal.ts';

/** What is asked: one action on one resource. AWS may ask several for one call. */
export interface AccessRequest {
  readonly principal: Principal;
  /** For example `dynamodb:PutItem`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resources. */
  readonly resource: string;
  readonly context: Context;
}

/** The policies that apply to a request. */
export interface Policies {
  /** Of the role or user who asks; a service has none. */
  readonly identity: readonly Statement[];
  /** Of the resource that is asked for. */
  readonly resource: readonly Statement[];
  /**
   * When an Allow of the identity's own policies counts. `account`: always. `key-policy`: only where the policy of the resource
   * delegates to the account; so it is with the keys of KMS and the trust of roles. @default 'account'
   */
  readonly delegation?: Delegation;
}

export type Delegation = 'account' | 'key-policy';

/** Which sort of policy decided, in AWS's words. */
export type PolicySort = 'identity-based' | 'resource-based';

export type Decision =
  /** Every statement that allows it. */
  | { readonly allowed: true; readonly by: readonly string[] }
  | {
      readonly allowed: false;
      readonly because: 'explicit-deny';
      readonly sort: PolicySort;
      readonly by: readonly string[];
    }
  /** `sort` is where an Allow is missing. */
  | { readonly allowed: false; readonly because: 'no-allow'; readonly sort: PolicySort };

/**
 * Decides: an explicit Deny on either side wins, then an Allow on either side is enough within one account, else it is refused.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * "IAM role trust policies and KMS key policies are exceptions to this logic": `delegationOf`.
 */
export function decide(request: AccessRequest, policies: Policies): Decision {
  const identity = policies.identity.filter((statement) => applies(statement, request));
  const resource = policies.resource.filter((statement) => applies(statement, request));
  const named = (how: 'direct' | 'delegated') =>
    resource.filter(({ principals = [] }) => namedBy(principals, request.principal) === how);
  const [direct, delegated] = [named('direct'), named('delegated')];

  const denied = idsOf(identity, 'Deny');
  if (denied.length > 0) return explicitDeny('identity-based', denied);
  // to deny an account is to deny everybody in it
  const deniedThere = idsOf([...direct, ...delegated], 'Deny');
  if (deniedThere.length > 0) return explicitDeny('resource-based', deniedThere);

  return isStranger(request)
    ? fromOutside(idsOf(identity, 'Allow'), idsOf([...direct, ...delegated], 'Allow'))
    : fromInside(request, policies.delegation, {
        own: idsOf(identity, 'Allow'),
        direct: idsOf(direct, 'Allow'),
        delegated: idsOf(delegated, 'Allow'),
      });
}

interface Allowing {
  readonly own: readonly string[];
  readonly direct: readonly string[];
  readonly delegated: readonly string[];
}

function fromInside(
  { principal }: AccessRequest,
  delegation: Delegation | undefined,
  { own, direct, delegated }: Allowing,
): Decision {
  const needed = delegation === 'key-policy' ? delegated : [];
  const counts = delegation !== 'key-policy' || needed.length > 0;
  const counted = counts ? own : [];
  const by = [...direct, ...counted, ...(counted.length > 0 ? needed : [])];
  if (by.length > 0) return { allowed: true, by };
  const isElsewhere = principal.kind === 'service' || !counts;
  return { allowed: false, because: 'no-allow', sort: isElsewhere ? 'resource-based' : 'identity-based' };
}

/**
 * "The request is allowed only if both ... evaluations return a decision of Allow": the account that trusts and the one that is trusted.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
function fromOutside(own: readonly string[], there: readonly string[]): Decision {
  if (own.length === 0) return { allowed: false, because: 'no-allow', sort: 'identity-based' };
  if (there.length === 0) return { allowed: false, because: 'no-allow', sort: 'resource-based' };
  return { allowed: true, by: [...own, ...there] };
}

/**
 * Which delegation an action follows. "Without this permission [to the account], IAM policies that allow access to the key are
 * ineffective, although IAM policies that deny access to the key are still effective":
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function delegationOf(action: string): Delegation {
  return /^(kms|sts):/.test(action) ? 'key-policy' : 'account';
}

function applies(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  return (
    covers(statement.actions, (pattern) => matchesAction(pattern, action)) &&
    covers(statement.resources, (pattern) => matchesResource(pattern, resource)) &&
    statement.conditions.every((condition) => conditionHolds(condition, context))
  );
}

function covers({ kind, patterns }: Patterns, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) === (kind === 'only');
}

function idsOf(statements: readonly Statement[], effect: Statement['effect']): readonly string[] {
  return statements.flatMap((statement) => (statement.effect === effect ? [statement.id] : []));
}

function explicitDeny(sort: PolicySort, by: readonly string[]): Decision {
  return { allowed: false, because: 'explicit-deny', sort, by };
}

/** Of another account than the resource; a service belongs to none. */
function isStranger({ principal, resource }: AccessRequest): boolean {
  const [from, to] = [accountOfPrincipal(principal), accountOf(resource)];
  return from !== undefined && to !== undefined && from !== to;
}
