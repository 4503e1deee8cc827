import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../lib/stack/compute/bundle-options.ts';
import type { FunctionName } from '../../lib/wire/environment.ts';

/** One place of the source, changed: `from` has to stand there exactly once. */
export interface Break {
  /** Path in the project. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const made = new Set<string>();
process.once('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Bundles a function with its source broken on purpose, and gives the folder for `bundles`. */
export async function brokenBundle(name: FunctionName, ...breaks: readonly Break[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `rescind-broken-${name}-`));
  made.add(folder);
  const broken = new Set<string>();
  await build({
    ...bundleOptions(name, folder),
    plugins: [
      {
        name: 'break',
        setup: (bundler) => {
          for (const { file } of breaks)
            bundler.onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, ({ path }) => {
              const here = breaks.filter((one) => resolve(one.file) === path);
              for (const one of here) broken.add(one.file);
              return {
                contents: here.reduce(replaceOnce, readFileSync(path, 'utf8')),
                loader: 'ts',
              };
            });
        },
      },
    ],
  });
  // a break in a file that is no part of the bundle breaks nothing
  const whole = breaks.filter(({ file }) => !broken.has(file)).map(({ file }) => file);
  if (whole.length > 0) throw new Error(`the bundle of ${name} holds no ${whole.join(', ')}`);
  return folder;
}

function replaceOnce(source: string, { file, from, to }: Break): string {
  const places = source.split(from).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} places with: ${from}`);
  return source.replace(from, () => to);
}
