import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A template as it is written down: nothing is resolved. */
export interface RawTemplate {
  readonly Resources: Record<string, RawResource>;
}

export interface RawResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

/** A statement in the template: a member of a policy, or a resource that is one statement by itself. */
export interface FoundStatement {
  /** As the local cloud calls it: `<owner>[<Sid, or index>]`. */
  readonly id: string;
  /** Logical id of the resource that it stands in. */
  readonly owner: string;
  /** From the resource to the element `Statement` that holds it; absent for a resource that is one statement. */
  readonly path?: readonly (string | number)[];
  /** In that list. */
  readonly index: number;
}

/** Reads the template of an assembly without the reader of the local cloud. */
export function readRawTemplate(assembly: string): RawTemplate {
  return JSON.parse(readFileSync(join(assembly, templateFile), 'utf8')) as RawTemplate;
}

export const templateFile = 'Rescind.template.json';

/** Types whose resources say whom they let do what without a policy. */
const permissions: readonly string[] = ['AWS::Lambda::Permission'];

/** Every statement of every policy, whatever the type of its resource: what has an `Effect` is one. */
export function findStatements({ Resources }: RawTemplate): readonly FoundStatement[] {
  return Object.entries(Resources).flatMap(([owner, { Type, Properties = {} }]) => {
    if (permissions.includes(Type)) return [{ id: `${owner}[0]`, owner, index: 0 }];
    return listsIn(Properties, ['Properties']).flatMap(({ path, named, list }) =>
      list.map(({ Sid }, index) => ({
        id: `${owner}${named === undefined ? '' : `.${named}`}[${Sid ?? index}]`,
        owner,
        path,
        index,
      })),
    );
  });
}

interface List {
  readonly path: readonly (string | number)[];
  /** Name of the policy inside its resource, where a resource has several. */
  readonly named?: string | undefined;
  readonly list: readonly { readonly Sid?: string }[];
}

/** `Statement` is a list, or one alone. */
function listsIn(value: unknown, path: List['path'], named?: string): readonly List[] {
  if (typeof value !== 'object' || value === null) return [];
  const name = 'PolicyName' in value && path.length > 2 ? String(value.PolicyName) : named;
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    const list = [member].flat().filter(isStatement);
    if (list.length > 0) return [{ path: at, named: name, list }];
    return listsIn(member, at, name);
  });
}

function isStatement(value: unknown): value is { readonly Sid?: string } {
  return typeof value === 'object' && value !== null && 'Effect' in value;
}
