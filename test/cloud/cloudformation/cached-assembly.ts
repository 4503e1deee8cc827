import { homedir } from 'node:os';
import { join } from 'node:path';
import { assemblyKey } from './assembly-key.ts';
import { fillFolder } from './folder-cache.ts';
import { projectRoot, synthesize } from './synthesize.ts';

/**
 * Fills `folder`, which is empty, with the assembly of what stands in the project: synthesized, or from `.cache/` where nothing
 * has changed since. The folder is outside the project: a bundle that needs node_modules fails there as it would in Lambda.
 */
export function takeAssembly(
  folder: string,
  context: Readonly<Record<string, unknown>> = {},
): Promise<'cached' | 'made'> {
  return fillFolder(folder, {
    cache: join(projectRoot, '.cache', 'assemblies'),
    key: () => assemblyKey(context, { root: projectRoot, home: homedir() }),
    make: (target) => synthesize(target, context),
  });
}
