import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RawResource, type RawTemplate, readRawTemplate, templateFile } from '../find-statements.ts';
import type { Removal } from '../list-removals.ts';

type Taken = Pick<Removal, 'found' | 'pair'>;

/** A copy of an assembly without what is taken out; gives the folder, to be removed. */
export function copyWithout(assembly: string, removal: Taken): string {
  return copyWith(assembly, (template) => takeOut(template, removal));
}

/** A copy of an assembly whose template was changed; gives the folder, to be removed. */
export function copyWith(assembly: string, change: (template: RawTemplate) => RawTemplate): string {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-without-'));
  cpSync(assembly, folder, { recursive: true });
  writeFileSync(join(folder, templateFile), JSON.stringify(change(readRawTemplate(assembly))));
  return folder;
}

/** Takes one action on one resource out of its statement; the others of that statement stay. Throws where it is not there. */
export function takeOut(template: RawTemplate, { found, pair }: Taken): RawTemplate {
  const copy = structuredClone(template);
  const { owner, path } = found;
  const resource = copy.Resources[owner];
  if (!resource) throw new Error(`the template has no ${owner}`);
  if (!path) return withoutResource(copy, owner);
  const { holder, last } = holderOf(resource, path);
  const list = [holder[last]].flat() as readonly RawStatement[];
  const rest = list.flatMap((statement, index) =>
    index === found.index ? (pair ? split(statement, pair) : []) : [statement],
  );
  holder[last] = rest.length > 0 ? rest : [aboutNothing(list[0])];
  return copy;
}

interface RawStatement {
  readonly Sid?: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
}

/** The CDK writes several grants as one statement: what remains of it are at most two. */
function split(
  statement: RawStatement,
  { actionIndex, resourceIndex }: NonNullable<Removal['pair']>,
): RawStatement[] {
  const [actions, resources] = [[statement.Action].flat(), [statement.Resource].flat()];
  const without = (list: readonly unknown[], at: number) => list.filter((_, index) => index !== at);
  const otherActions = without(actions, actionIndex);
  const otherResources = without(resources, resourceIndex);
  return [
    ...(otherActions.length > 0 ? [{ ...statement, Action: otherActions }] : []),
    ...(otherResources.length > 0
      ? [{ ...renamed(statement), Action: actions[actionIndex], Resource: otherResources }]
      : []),
  ];
}

/** Two statements of one policy may not have one name. */
const renamed = (statement: RawStatement): RawStatement =>
  statement.Sid === undefined ? statement : { ...statement, Sid: `${statement.Sid}Rest` };

/**
 * A policy has to have a statement, and a key without a policy gets AWS's own, which allows everything: this one denies an action
 * that there is not.
 */
function aboutNothing(like: RawStatement | undefined): object {
  return {
    Effect: 'Deny',
    Action: 'rescind:Nothing',
    ...(like?.Principal !== undefined && { Principal: like.Principal }),
    ...(like?.Resource !== undefined && { Resource: '*' }),
  };
}

function withoutResource(template: RawTemplate, owner: string): RawTemplate {
  const others = Object.entries(template.Resources).filter(([id]) => id !== owner);
  const free = ({ DependsOn, ...resource }: RawResource): RawResource => {
    const rest = [DependsOn ?? []].flat().filter((id) => id !== owner);
    return { ...resource, ...(rest.length > 0 && { DependsOn: rest }) };
  };
  return { ...template, Resources: Object.fromEntries(others.map(([id, one]) => [id, free(one)])) };
}

function holderOf(resource: RawResource, path: readonly (string | number)[]) {
  const last = path.at(-1) ?? '';
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], resource);
  return { holder: holder as Record<string | number, unknown>, last };
}
