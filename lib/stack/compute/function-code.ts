import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import type { FunctionName } from '../../wire/environment.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The bundle of one file of `functions/`, with everything that it imports. Made in this process: the CDK's own
 * `NodejsFunction` starts npx for each function, which takes a second each.
 */
export function functionCode(name: FunctionName): AssetCode {
  return Code.fromAsset(projectRoot, {
    // the same source and the same dependencies give the same bundle, and no deploy
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-used'),
      // the CDK takes two bundlings with one command for the same one
      command: [name],
      local: {
        tryBundle(outputFolder) {
          buildSync({
            absWorkingDir: projectRoot,
            entryPoints: [join('functions', `${name}.ts`)],
            outfile: join(outputFolder, 'index.mjs'),
            bundle: true,
            platform: 'node',
            format: 'esm',
            target: 'node20', // one bundle runs on Lambda's Node 24 and in the local cloud
            mainFields: ['module', 'main'],
            minify: true,
            logLevel: 'warning',
          });
          return true;
        },
      },
    },
  });
}
