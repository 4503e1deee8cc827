import * as z from 'zod';
import { type Condition, type KeyFacts, readCondition } from './conditions.ts';
import { componentsOf } from './match.ts';
import { PolicyError, readBy } from './policy-error.ts';
import { type PrincipalPattern, readPrincipal } from './principal.ts';

/** One statement of a policy. */
export interface Statement {
  /** `<owner>[<Sid, or index>]`: the same in every run of the same template. */
  readonly id: string;
  readonly effect: 'Allow' | 'Deny';
  /** Absent in a policy of an identity: whoever holds it is meant. */
  readonly principals?: readonly PrincipalPattern[];
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly conditions: readonly Condition[];
}

/** What the patterns name (`Action`), or all but that (`NotAction`). */
export interface Patterns {
  readonly kind: 'only' | 'all-but';
  readonly patterns: readonly string[];
}

/** Whose policy it is decides which elements have to be there and which must not. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** AWS writes one as a list of one, or alone; an error then names the element, not the choice. */
const listOf = <One extends z.ZodType>(one: One) =>
  z.preprocess((value) => (Array.isArray(value) ? (value as unknown[]) : [value]), z.array(one).min(1));

const oneOrMore = listOf(z.string());
const scalars = listOf(z.union([z.string(), z.boolean(), z.number()]).transform(String));

const keys = z
  .record(z.string(), scalars)
  .refine((named) => Object.keys(named).length > 0, 'an operator without a key would always hold');

/** Every element that is known: NotPrincipal, Federated and CanonicalUser are not. */
const statement = z.strictObject({
  Sid: z.string().min(1).optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z
    .union([z.literal('*'), z.strictObject({ AWS: oneOrMore.optional(), Service: oneOrMore.optional() })])
    .optional(),
  Action: oneOrMore.optional(),
  NotAction: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  NotResource: oneOrMore.optional(),
  Condition: z.record(z.string(), keys).default({}),
});

const policy = z.strictObject({
  Version: z.literal('2012-10-17'),
  Id: z.string().optional(),
  Statement: listOf(statement),
});

type Read = z.output<typeof statement>;

/**
 * Reads a policy document whose intrinsics are resolved; `owner` names it in ids and errors: a logical id. `factsOf` is for policies
 * about requests that nobody sends to the local cloud.
 * Throws `PolicyError` for whatever the local cloud would not check.
 */
export function readPolicy(
  document: unknown,
  kind: PolicyKind,
  owner: string,
  factsOf?: KeyFacts,
): readonly Statement[] {
  const { Statement } = readBy(policy, document, { where: owner, file: 'language/policy.ts' });
  const statements = Statement.map((read, index) => {
    const id = `${owner}[${read.Sid ?? index}]`;
    return readStatement(read, kind, id, factsOf);
  });
  refuseTwins(owner, statements);
  return statements;
}

function readStatement(read: Read, kind: PolicyKind, id: string, factsOf?: KeyFacts): Statement {
  const principals = readPrincipals(read.Principal, kind, id);
  return {
    id,
    effect: read.Effect,
    ...(principals && { principals }),
    actions: patternsOf(id, 'Action', read.Action, read.NotAction, isAction),
    resources: resourcesOf(read, kind, id),
    conditions: Object.entries(read.Condition).flatMap(([name, keys]) =>
      Object.entries(keys).map(([key, wanted]) =>
        readCondition(`${id}.Condition`, { name, key, wanted }, factsOf),
      ),
    ),
  };
}

function readPrincipals(
  principal: Read['Principal'],
  kind: PolicyKind,
  id: string,
): readonly PrincipalPattern[] | undefined {
  if (kind === 'identity') {
    if (principal === undefined) return undefined;
    throw new PolicyError(id, 'a policy of an identity has no Principal', 'Take it away');
  }
  const { AWS = [], Service = [] } = principal === '*' ? { AWS: ['*'] } : (principal ?? {});
  if (AWS.length + Service.length === 0)
    throw new PolicyError(id, 'a policy of a resource needs a Principal', 'Name whom it is for');
  return [
    ...AWS.map((text) => readPrincipal(id, 'AWS', text)),
    ...Service.map((text) => readPrincipal(id, 'Service', text)),
  ];
}

function resourcesOf(read: Read, kind: PolicyKind, id: string): Patterns {
  if (kind !== 'trust') return patternsOf(id, 'Resource', read.Resource, read.NotResource, isResource);
  if (read.Resource ?? read.NotResource)
    throw new PolicyError(id, 'a trust policy is about its role and has no Resource', 'Take it away');
  return { kind: 'only', patterns: ['*'] };
}

function patternsOf(
  id: string,
  element: 'Action' | 'Resource',
  only: readonly string[] | undefined,
  allBut: readonly string[] | undefined,
  known: (pattern: string) => boolean,
): Patterns {
  if ((only === undefined) === (allBut === undefined))
    throw new PolicyError(id, `${element} or Not${element} has to be there, and not both`, 'Write one');
  const patterns = only ?? allBut ?? [];
  const odd = patterns.find((pattern) => !known(pattern));
  if (odd !== undefined)
    throw new PolicyError(
      id,
      `${JSON.stringify(odd)} is no ${element} that the local cloud can match (policy variables and wildcards in the name of ` +
        'a service are not known)',
      'Write * or a pattern with the service spelled out',
    );
  return { kind: only ? 'only' : 'all-but', patterns };
}

const isAction = (pattern: string): boolean => pattern === '*' || /^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(pattern);

const isResource = (pattern: string): boolean => {
  if (pattern === '*') return true;
  const service = componentsOf(pattern)?.[2] ?? '';
  return /^[a-z0-9-]+$/.test(service) && !pattern.includes('${');
};

function refuseTwins(owner: string, statements: readonly Statement[]): void {
  const ids = statements.map(({ id }) => id);
  const twin = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twin !== undefined)
    throw new PolicyError(owner, `two statements are called ${twin}`, 'Give each a Sid of its own');
}
