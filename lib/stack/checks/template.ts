import { readFileSync } from 'node:fs';
import * as z from 'zod';

const resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.unknown().optional(),
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
});

const template = z.object({ Resources: z.record(z.string(), resource).default({}) });

/** One resource as CloudFormation will read it. */
export type Resource = Readonly<z.output<typeof resource>>;

/** The resources of a template by logical id. */
export type Resources = Readonly<Record<string, Resource>>;

/** Reads the resources of a template that was synthesized. Throws where it is no template. */
export function readResources(path: string): Resources {
  return template.parse(JSON.parse(readFileSync(path, 'utf8'))).Resources;
}

/** The resources of some types, each with its logical id. */
export function ofType(
  resources: Resources,
  ...types: readonly string[]
): readonly (readonly [string, Resource])[] {
  return Object.entries(resources).filter(([, { Type }]) => types.includes(Type));
}

/** What stands at a path inside a value, or undefined where the path ends before. */
export function dig(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(
    (inside, key) => (isObject(inside) && Object.hasOwn(inside, key) ? inside[key] : undefined),
    value,
  );
}

/** The logical id that a `Ref` or `Fn::GetAtt` names. */
export function referred(value: unknown): string | undefined {
  const id = dig(value, 'Ref') ?? asList(dig(value, 'Fn::GetAtt'))[0];
  return typeof id === 'string' ? id : undefined;
}

/** CloudFormation and IAM take one where they take many. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
