import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from './folder-digest.ts';

/** So many entries stay: a few branches, and what each of them was before the last change. */
const entriesMax = 5;

/** A draft that is older belongs to a run that is over. */
const draftMsMax = 3_600_000;

const digestFile = 'digest';
const contentFolder = 'content';

export interface CachedFolder {
  /** Where entries are kept; made where it is not there. */
  readonly cache: string;
  /** Names what the folder is made of, hex; asked again once it is made. */
  readonly key: () => string;
  readonly make: (folder: string) => Promise<void>;
}

/**
 * Fills `target`, which is not there or empty, from the cache, or makes it and keeps a copy. Runs at the same time do not
 * disturb each other: entries appear by a rename, and each run has a copy of its own. An entry that is not what was written is
 * thrown away. Throws what `make` throws, and then keeps nothing.
 */
export async function fillFolder(
  target: string,
  { cache, key, make }: CachedFolder,
): Promise<'cached' | 'made'> {
  const known = key();
  await mkdir(cache, { recursive: true });
  if (await take(join(cache, known), target)) return 'cached';
  await make(target);
  // whoever edited a file meanwhile made something that neither key names
  if (key() === known) await keep(target, join(cache, known));
  await prune(cache);
  return 'made';
}

async function take(entry: string, target: string): Promise<boolean> {
  try {
    const wanted = await readFile(join(entry, digestFile), 'utf8');
    await cp(join(entry, contentFolder), target, { recursive: true });
    if (digestOf(target, ['']) !== wanted) throw new Error(`${entry} is not what was written`);
    const now = new Date();
    await utimes(entry, now, now);
    return true;
  } catch {
    // not there, half of it, edited, or pruned by another run at this moment: all the same
    await rm(target, { recursive: true, force: true });
    await rm(entry, { recursive: true, force: true });
    return false;
  }
}

async function keep(folder: string, entry: string): Promise<void> {
  const draft = `${entry}.${randomUUID()}`;
  await cp(folder, join(draft, contentFolder), { recursive: true });
  await writeFile(join(draft, digestFile), digestOf(folder, ['']));
  // another run may have been first: its entry is as good
  await rename(draft, entry).catch(() => rm(draft, { recursive: true, force: true }));
}

async function prune(cache: string): Promise<void> {
  const found = await Promise.all(
    (await readdir(cache)).map(async (name) => {
      const path = join(cache, name);
      const seen = await stat(path).catch(() => undefined);
      return { path, isDraft: name.includes('.'), usedAt: seen?.mtimeMs ?? 0 };
    }),
  );
  const drafts = found.filter(({ isDraft, usedAt }) => isDraft && usedAt < Date.now() - draftMsMax);
  const entries = found.filter(({ isDraft }) => !isDraft).toSorted((a, b) => b.usedAt - a.usedAt);
  for (const { path } of [...drafts, ...entries.slice(entriesMax)])
    await rm(path, { recursive: true, force: true });
}
