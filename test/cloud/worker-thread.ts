import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { buildSync } from 'esbuild';

const built = new Map<string, URL>();

/**
 * Starts a worker thread from a TypeScript file of this project.
 * The file is bundled once per process into node_modules/.cache, because a worker has neither tsx nor vitest to strip types; with
 * its packages, because each thread takes twice as long to load the hundreds of files of oidc-provider as one.
 */
export function startWorker(source: URL, options: WorkerOptions = {}): Worker {
  return new Worker(compiled(source), options);
}

function compiled(source: URL): URL {
  const known = built.get(source.href);
  if (known) return known;
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    // packages that are no ES modules ask for those of Node so
    banner: {
      js: "import { createRequire as rescindRequire } from 'node:module'; const require = rescindRequire(import.meta.url);",
    },
    write: false,
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const folder = fileURLToPath(new URL('../../node_modules/.cache/rescind/', import.meta.url));
  const file = join(folder, `worker-${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`);
  mkdirSync(folder, { recursive: true });
  // written beside and renamed: two processes may start at once
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, code);
  renameSync(draft, file);
  const url = pathToFileURL(file);
  built.set(source.href, url);
  return url;
}
