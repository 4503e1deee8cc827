import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The functions deploy on Lambda's runtime nodejs24.x (`lib/stack/compute/worker-function.ts`). */
export const deployedNode = '24.22.3';

/**
 * Installs the Node.js that the functions deploy on into this folder, from the package that npm's `node` downloads for this platform,
 * and gives the path of the program. Runs no install script. Throws where npm has no such package for this platform.
 */
export function installNode(folder: string): string {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  execFileSync(
    'npm',
    ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${deployedNode}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  if (version !== `v${deployedNode}`) throw new Error(`${name}@${deployedNode} says that it is ${version}`);
  return program;
}
