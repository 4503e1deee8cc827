import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { unbundledApp } from './stack/unbundled.ts';

interface Template {
  readonly Resources: Record<string, { readonly Type: string; Properties: { Code?: unknown } }>;
}

const fileName = 'Rescind.template.json';

/**
 * A copy of the shared assembly with the template of other settings, and the bundles that are there: settings are no part of a
 * bundle. Gives the folder, which whoever asks removes.
 */
export function assemblyWith(context: Readonly<Record<string, unknown>>): string {
  const shared = inject('assembly');
  const folder = mkdtempSync(join(tmpdir(), 'rescind-settings-'));
  cpSync(shared, folder, { recursive: true });
  const bundled = JSON.parse(readFileSync(join(shared, fileName), 'utf8')) as Template;
  const template = unbundledApp({ ...context })
    .synth()
    .getStackByName('Rescind').template as Template;
  for (const [id, { Type, Properties }] of Object.entries(template.Resources))
    if (Type === 'AWS::Lambda::Function') Properties.Code = bundled.Resources[id]?.Properties.Code;
  writeFileSync(join(folder, fileName), JSON.stringify(template));
  return folder;
}
