import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { importBundles } from './import-bundles.ts';

const thisNode = process.versions.node;
const folder = mkdtempSync(join(tmpdir(), 'rescind-imports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the assembly whose functions deploy on the Node.js at hand, and whose bundles are these words. */
function assemblyOf(code: string): string {
  cpSync(inject('assembly'), folder, { recursive: true });
  const file = join(folder, 'Rescind.template.json');
  const runtime = `nodejs${thisNode.split('.')[0]}.x`;
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/nodejs\d+\.x/g, runtime));
  for (const asset of readdirSync(folder).filter((name) => name.startsWith('asset.')))
    writeFileSync(join(folder, asset, 'index.mjs'), code);
  return folder;
}

/** What was found wrong, each thing once. */
const wrongIn = (assembly: string, version = thisNode) => [
  ...new Set(importBundles(process.execPath, assembly, version).map(({ wrong }) => wrong)),
];

describe('importBundles', () => {
  it('finds nothing wrong with a bundle that exports a handler', () => {
    expect(wrongIn(assemblyOf('export const handler = () => {};'))).toEqual([undefined]);
  });

  it.each([
    ['exports no handler', 'export const other = 1;', 'undefined'],
    ['fails at its import', 'throw new Error("no such module");', 'no such module'],
    ['warns', 'process.emitWarning("old"); export const handler = () => {};', 'old'],
    ['fails after its import', 'process.exitCode = 3; export const handler = () => {};', 'exit 3'],
    ['ends the process', 'process.exit(0); export const handler = () => {};', 'exit 0'],
  ])('finds a bundle that %s', (_, code, told) => {
    const wrong = wrongIn(assemblyOf(code));
    expect(wrong.length).toBeGreaterThan(0);
    for (const one of wrong) expect(one).toContain(told);
  });

  it('finds functions that deploy on another Node.js than the one that they were tried on', () => {
    expect(wrongIn(assemblyOf('export const handler = () => {};'), '8.0.0')).toEqual([
      `deploys on nodejs${thisNode.split('.')[0]}.x`,
    ]);
  });
});
