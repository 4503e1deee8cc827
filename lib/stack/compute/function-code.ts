import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { buildSync, type Metafile } from 'esbuild';
import type { FunctionName } from '../../wire/environment.ts';
import { checkCredentialInputs } from './bundle-inputs.ts';
import { bundleOptions } from './bundle-options.ts';

const sources = fileURLToPath(new URL('../../../functions', import.meta.url));

/**
 * The bundle of one file of `functions/`, with everything that it imports. Made in this process: the CDK's own
 * `NodejsFunction` starts npx for each function, which takes a second each, and its bundling of assets writes a line each.
 */
export function functionCode(scope: Construct, name: FunctionName): AssetCode {
  // tests of the template need no bundle: context `aws:cdk:bundling-stacks`
  if (!Stack.of(scope).bundlingRequired) return Code.fromAsset(sources, { assetHash: name });
  const outputFolder = join(bundles(), name);
  const { metafile } = buildSync({ ...bundleOptions(name, outputFolder), metafile: true, minify: true });
  checkCredentialInputs(name, inputsOf(metafile));
  // hashed by what it holds: the same source and the same dependencies give the same bundle, and no deploy
  return Code.fromAsset(outputFolder);
}

/** What is in the bundle; a module that was shaken out of it counts as absent. */
const inputsOf = ({ outputs }: Metafile): readonly string[] =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );

let madeBundles: string | undefined;

/** A folder of this process: the CDK copies what is in it to the assembly. */
function bundles(): string {
  if (madeBundles) return madeBundles;
  const folder = mkdtempSync(join(tmpdir(), 'rescind-bundles-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return (madeBundles = folder);
}
