import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let bundled: string | undefined;

/**
 * Runs `rescind` in a process of its own, with this environment. It is bundled once: tsx would take a second for each
 * run, and `spawned.test.ts` runs the command by tsx as operators do. The SDK's notice about old versions of Node is
 * silent where the caller's environment silences it.
 */
export function runBundled(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Ended> {
  const { PATH, HOME, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED } = process.env;
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [(bundled ??= bundle()), ...args], {
      env: { PATH, HOME, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
    child.once('error', fail).once('close', (code) => done({ code, stdout, stderr }));
  });
}

function bundle(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-command-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'rescind.mjs');
  buildSync({
    entryPoints: ['bin/rescind.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    // commander is no ES module
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
}
