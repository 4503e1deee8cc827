import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The functions deploy on Lambda's runtime nodejs24.x (`lib/stack/compute/worker-function.ts`). */
export const deployedNode = '24.22.3';

/**
 * Installs the Node.js that the functions deploy on, from the package that npm's `node` downloads for this platform, outside the
 * project; an install that is there is used again. Runs no install script. Gives the path of the program; throws with npm's words
 * where there is no such package for this platform.
 */
export function installNode(): string {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(tmpdir(), `rescind-${name}-${deployedNode}`);
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (isDeployedNode(program)) return program;
  mkdirSync(folder, { recursive: true });
  execFileSync(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--ignore-scripts', `${name}@${deployedNode}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (!isDeployedNode(program)) throw new Error(`${name}@${deployedNode} does not run: ${program}`);
  return program;
}

/** An install that was broken off does not answer. */
function isDeployedNode(program: string): boolean {
  if (!existsSync(program)) return false;
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim() === `v${deployedNode}`;
  } catch {
    return false;
  }
}
