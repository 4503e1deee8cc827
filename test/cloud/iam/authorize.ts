import type { Act } from './needs/acting-services.ts';
import type { Authorization } from './language/authorization.ts';
import type { Context } from './language/conditions.ts';
import { decide, type Decision, delegationOf } from './language/evaluate.ts';
import type { Statement } from './language/policy.ts';
import { accountOfPrincipal, type Principal } from './language/principal.ts';

/** Where the policies are. */
export interface PolicySource {
  /** Of a role or a user; empty for a service. */
  identityOf(principal: Principal): readonly Statement[];
  /** Of a resource, its trust policy where it is a role; empty where it has none. */
  resourceOf(arn: string): readonly Statement[];
}

/** What was decided of one thing that was asked. */
export interface Ruling extends Act {
  readonly decision: Decision;
}

/** Decides all that a call needs, in order: the first that is refused is the last. */
export function authorize(acts: readonly Act[], policies: PolicySource): readonly Ruling[] {
  const rulings: Ruling[] = [];
  for (const act of acts) {
    const decision = decideOne(act, policies);
    rulings.push({ ...act, decision });
    if (!decision.allowed) break;
  }
  return rulings;
}

function decideOne({ principal, authorization }: Act, policies: PolicySource): Decision {
  const { action, resource, context } = authorization;
  return decide(
    { principal, action, resource, context: new Map([...contextOfCaller(principal), ...context]) },
    {
      identity: policies.identityOf(principal),
      resource: policies.resourceOf(resource),
      delegation: delegationOf(action),
    },
  );
}

/**
 * What AWS adds to every request. Calls to the local cloud stand for calls over TLS, which is all that the SDK makes at AWS.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
function contextOfCaller(principal: Principal): Context {
  const account = accountOfPrincipal(principal);
  return new Map([
    ['aws:SecureTransport', 'true'],
    ['aws:PrincipalIsAWSService', String(principal.kind === 'service')],
    // a role asks under its own ARN here, not under that of the session
    ...(principal.kind === 'service' ? [] : [['aws:PrincipalArn', principal.arn] as const]),
    ...(account === undefined ? [] : [['aws:PrincipalAccount', account] as const]),
    ['aws:ViaAWSService', 'false'],
  ]);
}

/** Everything that one caller needs for a call. */
export function actsOf(principal: Principal, needed: readonly Authorization[]): readonly Act[] {
  return needed.map((authorization) => ({ principal, authorization }));
}
