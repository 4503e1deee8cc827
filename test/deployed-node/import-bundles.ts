import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStack } from '../cloud/cloudformation/read-stack.ts';

const place = {
  account: '000000000000',
  region: 'eu-west-1',
  queueUrl: (name: string) => `http://127.0.0.1/${name}`,
  functionUrl: (name: string) => `http://127.0.0.1/${name}/`,
};

const load =
  'import(process.argv[1]).then((loaded) => process.stdout.write(`${process.version} ${typeof loaded.handler}`))';

/** A bundle that takes longer hangs: Lambda gives the first import ten seconds. */
const importSecondsMax = 60;

/** What one bundle did when it was imported: nothing where it gave a handler and no warning. */
export interface Imported {
  readonly name: string;
  readonly wrong: string | undefined;
}

/**
 * Imports every bundle of an assembly by this Node.js, each in a process of its own with the environment of its template. A function
 * that deploys on another major version of Node.js is wrong as well.
 */
export function importBundles(node: string, assembly: string, version: string): readonly Imported[] {
  const deployed = `nodejs${version.split('.')[0]}.x`;
  return readStack(assembly, 'Rescind', place)
    .of('AWS::Lambda::Function')
    .map(({ logicalId, codeFolder = '', properties }) => {
      const { Variables } = properties['Environment'] as { readonly Variables: Record<string, string> };
      const { stdout, stderr, status } = spawnSync(node, ['-e', load, join(codeFolder, 'index.mjs')], {
        // far from node_modules, as in Lambda
        cwd: tmpdir(),
        env: { ...Variables, AWS_REGION: place.region },
        encoding: 'utf8',
        timeout: importSecondsMax * 1000,
      });
      const runtime = String(properties['Runtime']);
      if (runtime !== deployed) return { name: logicalId, wrong: `deploys on ${runtime}` };
      const good = status === 0 && stdout === `v${version} function` && stderr === '';
      return { name: logicalId, wrong: good ? undefined : `exit ${status}, ${stdout} ${stderr}`.trim() };
    });
}
