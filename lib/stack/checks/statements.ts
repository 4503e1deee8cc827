import { asList, dig, isObject, type Resources } from './template.ts';

/** A statement that allows something, wherever in a template it stands. */
export interface Allow {
  /** The logical id of the resource that holds it. */
  readonly resource: string;
  readonly at: string;
  readonly actions: readonly unknown[];
  /** Allows all but what it names. */
  readonly byExclusion: boolean;
  /** Absent in the policy of an identity. */
  readonly principal: unknown;
  /** Admits all but whom it names. */
  readonly admitsByExclusion: boolean;
  readonly targets: readonly unknown[];
  readonly conditions: unknown;
}

/**
 * Every statement that is no `Deny`: of identities, resources, roles' trust and keys, found by its shape, so that a type of
 * resource that nobody thought of is read as well.
 */
export function allowsOf(resources: Resources): readonly Allow[] {
  return Object.entries(resources).flatMap(([resource, { Type, Properties }]) => {
    const inShort = grantsInShort[Type]?.(Properties);
    return [
      ...(inShort ? [asAllow(resource, 'Properties', inShort)] : []),
      ...walk(resource, 'Properties', Properties),
    ];
  });
}

type Members = Readonly<Record<string, unknown>>;

/** Types that allow by their own properties, as the statement that AWS makes of them. */
const grantsInShort: Readonly<Record<string, (properties: Members) => Members | undefined>> = {
  'AWS::Lambda::Permission': (of) => ({
    ...of,
    Condition: {
      StringEquals: {
        ...(of['PrincipalOrgID'] !== undefined && { 'aws:PrincipalOrgID': of['PrincipalOrgID'] }),
        ...(of['SourceAccount'] !== undefined && { 'aws:SourceAccount': of['SourceAccount'] }),
      },
    },
  }),
  'AWS::Lambda::LayerVersionPermission': (of) => ({
    ...of,
    ...(of['OrganizationId'] !== undefined && {
      Condition: { StringEquals: { 'aws:PrincipalOrgID': of['OrganizationId'] } },
    }),
  }),
  // with a `Statement` it is found by its shape
  'AWS::Events::EventBusPolicy': (of) => {
    if (of['Statement'] !== undefined) return undefined;
    const { Key, Type, Value } = isObject(of['Condition']) ? of['Condition'] : {};
    return { ...of, Condition: { [String(Type)]: { [String(Key)]: Value } } };
  },
};

function walk(resource: string, at: string, value: unknown): readonly Allow[] {
  if (Array.isArray(value))
    return value.flatMap((inside, index) => walk(resource, `${at}.${index}`, inside as unknown));
  const text = typeof value === 'string' ? value : joined(value);
  if (text !== undefined) return isPolicyText(text) ? walk(resource, at, parse(resource, at, text)) : [];
  if (!isObject(value)) return [];
  if (isStatement(value)) return value['Effect'] === 'Deny' ? [] : [asAllow(resource, at, value)];
  return Object.entries(value).flatMap(([key, inside]) => walk(resource, `${at}.${key}`, inside));
}

function isStatement(value: Members): boolean {
  return 'Effect' in value && ('Action' in value || 'NotAction' in value);
}

function asAllow(resource: string, at: string, statement: Members): Allow {
  return {
    resource,
    at,
    actions: asList(statement['Action']),
    byExclusion: 'NotAction' in statement,
    principal: statement['Principal'],
    admitsByExclusion: 'NotPrincipal' in statement,
    targets: asList(statement['Resource']),
    conditions: statement['Condition'],
  };
}

/** Some types take their policy as JSON text. */
function isPolicyText(text: string): boolean {
  return text.trimStart().startsWith('{') && text.includes('"Effect"');
}

function parse(resource: string, at: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Error(
      `${resource} has a policy at ${at} that is text and no JSON, so nobody can check it: write it as an object`,
      { cause: error },
    );
  }
}

/** The CDK joins text around what only CloudFormation knows. */
function joined(value: unknown): string | undefined {
  const [separator, parts] = asList(dig(value, 'Fn::Join'));
  if (typeof separator !== 'string') return undefined;
  return asList(parts)
    .map((part) => (typeof part === 'string' ? part : 'known-at-the-deploy'))
    .join(separator);
}
