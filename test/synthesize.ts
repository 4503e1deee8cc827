import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { takeAssembly } from './cloud/cloudformation/cached-assembly.ts';
import { ownContext } from './story/own-context.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the assembly (`cdk.out`) that all suites of this run share. */
    assembly: string;
  }
}

/**
 * One assembly for the whole run: from the cache, else synthesized (some ten seconds); or the folder that RESCIND_ASSEMBLY names.
 * A stack that does not synthesize fails the suites that read the assembly, not those that do without.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['RESCIND_ASSEMBLY'];
  if (given) {
    if (!existsSync(given)) throw new Error(`RESCIND_ASSEMBLY names no folder: ${given}`);
    project.provide('assembly', given);
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'rescind-assembly-'));
  project.provide('assembly', folder);
  await takeAssembly(folder, ownContext).catch((error: unknown) => console.error(error));
  return () => rm(folder, { recursive: true, force: true });
}
