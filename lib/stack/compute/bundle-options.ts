import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';
import type { FunctionName } from '../../wire/environment.ts';
import { lambdaCredentials, sdkCredentials } from './bundle-inputs.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** How esbuild makes the bundle of one file of `functions/`: for the stack, and for tests that break the source. */
export const bundleOptions = (name: FunctionName, outputFolder: string) =>
  ({
    absWorkingDir: projectRoot,
    entryPoints: [join('functions', `${name}.ts`)],
    outfile: join(outputFolder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20', // one bundle runs on Lambda's Node 24 and in the local cloud
    mainFields: ['module', 'main'],
    alias: { [sdkCredentials]: join(projectRoot, lambdaCredentials) },
    logLevel: 'warning',
  }) as const satisfies BuildOptions;
