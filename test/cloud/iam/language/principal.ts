import { accountOf, componentsOf } from './match.ts';
import { PolicyError } from './policy-error.ts';

/** Who asks. */
export type Principal =
  | { readonly kind: 'role'; readonly arn: string; readonly session: string }
  | { readonly kind: 'user'; readonly arn: string }
  /** For example `events.amazonaws.com`. */
  | { readonly kind: 'service'; readonly name: string };

/** Whom a `Principal` element names. */
export type PrincipalPattern =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'arn'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string };

/**
 * A session of a role: what AWS calls somebody who acts by it. The path of the role is no part of the session's ARN.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function roleSession(roleArn: string, sessionName: string): Principal & { readonly kind: 'role' } {
  const [, partition, , , account, resource = ''] = componentsOf(roleArn) ?? [];
  const role = resource.split('/').at(-1);
  return {
    kind: 'role',
    arn: roleArn,
    session: `arn:${partition}:sts::${account}:assumed-role/${role}/${sessionName}`,
  };
}

/** As AWS names the principal in its messages. */
export function nameOf(principal: Principal): string {
  switch (principal.kind) {
    case 'role':
      return principal.session;
    case 'user':
      return principal.arn;
    case 'service':
      return principal.name;
  }
}

/** Undefined for a service: it belongs to no account. */
export function accountOfPrincipal(principal: Principal): string | undefined {
  return principal.kind === 'service' ? undefined : accountOf(principal.arn);
}

/**
 * How a `Principal` element names somebody: `direct`, or `delegated` where it names the account, whose own policies then decide.
 * Undefined where it does not. A wildcard is everybody, services too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function namedBy(
  patterns: readonly PrincipalPattern[],
  principal: Principal,
): 'direct' | 'delegated' | undefined {
  const how = patterns.map((pattern) => namedByOne(pattern, principal));
  return how.find((one) => one === 'direct') ?? how.find((one) => one === 'delegated');
}

function namedByOne(pattern: PrincipalPattern, principal: Principal): 'direct' | 'delegated' | undefined {
  switch (pattern.kind) {
    case 'everybody':
      return 'direct';
    case 'account':
      return accountOfPrincipal(principal) === pattern.account ? 'delegated' : undefined;
    case 'arn':
      return isIt(pattern.arn, principal) ? 'direct' : undefined;
    case 'service':
      return principal.kind === 'service' && principal.name === pattern.name ? 'direct' : undefined;
  }
}

function isIt(arn: string, principal: Principal): boolean {
  switch (principal.kind) {
    case 'role':
      return arn === principal.arn || arn === principal.session;
    case 'user':
      return arn === principal.arn;
    case 'service':
      return false;
  }
}

/** Reads one member of a `Principal` element. Throws `PolicyError` for a form that is not known. */
export function readPrincipal(where: string, kind: 'AWS' | 'Service', text: string): PrincipalPattern {
  if (text === '*' && kind === 'AWS') return { kind: 'everybody' };
  if (kind === 'Service' && /^[a-z0-9.-]+\.amazonaws\.com$/.test(text))
    return { kind: 'service', name: text };
  if (kind === 'AWS') {
    const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1];
    if (account !== undefined) return { kind: 'account', account };
    if (/^arn:aws:(iam::\d{12}:(role|user)|sts::\d{12}:assumed-role)\/[^*?]+$/.test(text))
      return { kind: 'arn', arn: text };
  }
  throw new PolicyError(
    where,
    `the ${kind} principal ${JSON.stringify(text)} is not known (known: accounts, roles, users and sessions by their ARN, ` +
      'service names, * alone)',
    'Name one of these',
  );
}
