import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { synthesize } from './cloud/cloudformation/synthesize.ts';
import { ownContext } from './story/own-context.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the assembly (`cdk.out`) that all suites of this run share. */
    assembly: string;
  }
}

/**
 * Synthesizes the stack once for the whole run (some ten seconds), or takes the folder that RESCIND_ASSEMBLY names.
 * A stack that does not synthesize fails the suites that read the assembly, not those that do without.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['RESCIND_ASSEMBLY'];
  if (given) {
    if (!existsSync(given)) throw new Error(`RESCIND_ASSEMBLY names no folder: ${given}`);
    project.provide('assembly', given);
    return undefined;
  }
  // outside the project: a bundle that needs node_modules fails here as it would in Lambda
  const folder = await mkdtemp(join(tmpdir(), 'rescind-assembly-'));
  project.provide('assembly', folder);
  await synthesize(folder, ownContext).catch((error: unknown) => console.error(error));
  return () => rm(folder, { recursive: true, force: true });
}
