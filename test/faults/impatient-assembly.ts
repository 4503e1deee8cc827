import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of an assembly in which the queue Signals gives a message up after so many receives; gives the folder, to be removed. */
export function impatientAssembly(assembly: string, receivesMax: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-impatient-'));
  cpSync(assembly, folder, { recursive: true });
  const path = join(folder, 'Rescind.template.json');
  const template = JSON.parse(readFileSync(path, 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { RedrivePolicy?: { maxReceiveCount: number } } }>;
  };
  const [policy, ...others] = Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::SQS::Queue' && id.startsWith('Signals') ? (Properties.RedrivePolicy ?? []) : [],
  );
  if (!policy || others.length > 0) throw new Error('the template has no one queue Signals that redrives');
  policy.maxReceiveCount = receivesMax;
  writeFileSync(path, JSON.stringify(template));
  return folder;
}
