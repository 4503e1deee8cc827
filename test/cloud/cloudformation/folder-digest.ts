import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** SHA-256 over the names and contents of these files, and of all files below these folders; what is not there counts as such. */
export function digestOf(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((one) => filesAt(root, one))) {
    const content = readIfThere(join(root, path));
    // lengths keep a name apart from a content, and one file from the next
    hash.update(`${path.length} ${path} ${content?.length ?? 'absent'} `).update(content ?? '');
  }
  return hash.digest('hex');
}

function filesAt(root: string, path: string): readonly string[] {
  const at = join(root, path);
  if (!existsSync(at) || !statSync(at).isDirectory()) return [path];
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted();
}

const readIfThere = (path: string): Buffer | undefined => (existsSync(path) ? readFileSync(path) : undefined);
