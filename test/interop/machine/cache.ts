import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('../../../.cache/interop', import.meta.url));

/** A folder outside git, made where it is missing: what is in it may be deleted at any time. */
export function cacheFolder(...names: readonly string[]): string {
  const folder = join(root, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}
