import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Every source file of the product, by its path. */
const product = ['bin', 'functions', 'lib'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file)),
);
const sources = new Map(product.map((file) => [file, readFileSync(file, 'utf8')]));

/** What a file imports by a relative path, types included: the linter looks at these one by one, not at the whole. */
const importsOf = (file: string): readonly string[] =>
  [...(sources.get(file) ?? '').matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)|^import '(\.[^']+)'/gm)].map(
    ([, one, two, three]) => normalize(join(dirname(file), one ?? two ?? three ?? '')),
  );

/** One circle of files, or nothing. */
function findCircle(): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of importsOf(file)) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of product) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

describe('the product', () => {
  it('has no circle of files', () => {
    expect(product.length).toBeGreaterThan(300);
    expect(findCircle()).toBeUndefined();
  });

  it('imports files that are there, and nothing under test/ but in bin/start.ts', () => {
    const arrows = product.flatMap((from) => importsOf(from).map((to) => ({ from, to })));
    expect(arrows.filter(({ to }) => !to.startsWith('test/') && !sources.has(to))).toEqual([]);
    expect(arrows.filter(({ to }) => to.startsWith('test/')).map(({ from }) => from)).toEqual([
      'bin/start.ts',
    ]);
  });

  it('has no folder of more than 14 files', () => {
    const counts = new Map<string, number>();
    for (const file of product) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 14)).toEqual([]);
  });

  it('has no file of more than 250 lines', () => {
    expect([...sources].filter(([, text]) => text.trimEnd().split('\n').length > 250)).toEqual([]);
  });
});

describe('the map', () => {
  it('knows every folder of the product, and no other', () => {
    const folderIn = (text: string) =>
      [...text.matchAll(/`([a-z./-]+)\/`/g)].map(([, folder = '']) => folder);
    // a row names a folder, and tells of those in it by their own names
    const rows = readFileSync('lib/README.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|'));
    const named = rows.flatMap(([, first = '', rest = '']) =>
      folderIn(first).flatMap((folder) => [
        join('lib', folder),
        ...folderIn(rest).map((inside) => join('lib', folder, inside)),
        ...folderIn(rest).map((inside) => join('lib', inside)),
      ]),
    );
    const folders = [...new Set(product.map((file) => dirname(file)))];
    expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
    const firsts = rows.flatMap(([, first = '']) => folderIn(first).map((folder) => join('lib', folder)));
    expect(firsts.filter((folder) => !existsSync(folder))).toEqual([]);
  });
});
