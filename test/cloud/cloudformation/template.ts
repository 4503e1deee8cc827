import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { known, TemplateError } from './template-error.ts';

const resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.union([z.string().transform((id) => [id]), z.array(z.string())]).default([]),
});

const template = z.object({
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});

const assets = z.object({
  files: z
    .record(z.string(), z.object({ source: z.object({ path: z.string(), packaging: z.string() }) }))
    .default({}),
});

/** A template as far as the local cloud reads it: every other part was refused or is the CDK's own. */
export type Template = z.output<typeof template>;

/** One resource of a template, intrinsics unresolved. */
export type TemplateResource = z.output<typeof resource>;

/** The files that the CDK stages beside a template, by the name that the template gives their upload. */
export type Assets = ReadonlyMap<string, { readonly path: string; readonly packaging: string }>;

/** What the CDK adds to every template for its own bootstrap and analytics; the local cloud has neither. */
const ofTheCdk: Readonly<Record<string, readonly string[]>> = {
  Parameters: ['BootstrapVersion'],
  Rules: ['CheckBootstrapVersion'],
  Conditions: ['CDKMetadataAvailable'],
};

const sections = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Outputs',
  'Resources',
  ...Object.keys(ofTheCdk),
]);

/** Retention and order of deployment mean nothing to a cloud that lives as long as its process. */
const resourceMembers = new Set([
  'DeletionPolicy',
  'DependsOn',
  'Metadata',
  'Properties',
  'Type',
  'UpdateReplacePolicy',
]);

const outputMembers = new Set(['Description', 'Export', 'Value']);

/** Reads `<stack>.template.json`; throws `TemplateError` for each part that would have to be ignored. */
export function readTemplate(folder: string, stack: string): Template {
  return parseTemplate(JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8')), stack);
}

/** The same for a template in hand. */
export function parseTemplate(document: Record<string, unknown>, stack: string): Template {
  refuseUnknown(stack, 'section', document, sections);
  for (const [section, names] of Object.entries(ofTheCdk))
    refuseUnknown(`${stack}.${section}`, 'name', document[section], new Set(names));
  const resources = Object.entries(asRecord(document['Resources'])).filter(
    ([, value]) => asRecord(value)['Type'] !== 'AWS::CDK::Metadata',
  );
  for (const [id, value] of resources) refuseUnknown(id, 'member', value, resourceMembers);
  for (const [id, value] of Object.entries(asRecord(document['Outputs'])))
    refuseUnknown(`Outputs.${id}`, 'member', value, outputMembers);
  return template.parse({ ...document, Resources: Object.fromEntries(resources) });
}

/** Reads `<stack>.assets.json`. */
export function readAssets(folder: string, stack: string): Assets {
  const { files } = assets.parse(JSON.parse(readFileSync(join(folder, `${stack}.assets.json`), 'utf8')));
  return new Map(
    Object.entries(files).map(([hash, { source }]) => [
      source.packaging === 'zip' ? `${hash}.zip` : hash,
      source,
    ]),
  );
}

function refuseUnknown(where: string, what: string, value: unknown, names: ReadonlySet<string>): void {
  for (const name of Object.keys(asRecord(value)))
    if (!names.has(name))
      throw new TemplateError(where, `the ${what} ${name} is not known (${known(names)})`);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
