import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Runs `cdk synth`, as a deploy would, into a folder of its own: the same program, cdk.json and context, before which goes
 * what is given here.
 * It sees no credentials and asks no network. Throws with the output of the command where it fails.
 */
export async function synthesize(
  folder: string,
  context: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const given = Object.entries(context).flatMap(([name, value]) => [
    '-c',
    `${name}=${JSON.stringify(value)}`,
  ]);
  const command = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');
  const child = spawn(process.execPath, [command, 'synth', '--quiet', '--output', folder, ...given], {
    cwd: projectRoot,
    env: environmentWithoutAws(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void output.push(text));
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail).once('close', done);
  });
  if (code !== 0)
    throw new Error(`cdk synth ended with ${code ?? 'a signal'} in ${projectRoot}:\n${output.join('')}`);
}

/** With credentials the CDK asks AWS for the account; without a region or metadata service it asks nobody. */
function environmentWithoutAws(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_COLOR: '1',
    // cdk.json says `tsx`, which npm puts on the path of its scripts
    PATH: [join(projectRoot, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
  };
}
