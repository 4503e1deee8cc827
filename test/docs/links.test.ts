import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { steady } from './tutorial/play-tutorial.ts';

const inFolder = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));

const documents = ['README.md', 'CHANGELOG.md', ...['.github', 'lib', 'test'].flatMap(inFolder)];

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/\s+/g, '-');

const anchorsIn = (path: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe.each(documents)('%s', (path) => {
  const text = readFileSync(path, 'utf8');
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');

  it('links to files and headings that are there', () => {
    const links = [...prose.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      return !existsSync(target) || (anchor !== undefined && !anchorsIn(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('names files, folders and scripts that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const files = [...prose.matchAll(/`((?:lib|test|functions|bin)\/[\w./-]+\w\/?)`/g)].map(
      ([, file = '']) => file,
    );
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    const named = [...text.matchAll(/npm run (?:-s |--silent )?([a-z][\w:]*)/g)].map(
      ([, script = '']) => script,
    );
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });

  it('has JSON that parses', () => {
    for (const [, block = ''] of text.matchAll(/^```json\n([\s\S]*?)^```/gm))
      expect(() => JSON.parse(block) as unknown).not.toThrow();
  });
});

describe('the README', () => {
  const text = readFileSync('README.md', 'utf8');

  it('has at most 200 lines', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  });

  it('shows a command with the output that the tutorial has for it', () => {
    const linesOf = (page: string) =>
      steady(page)
        .match(/(?<=```console\n)[\s\S]*?(?=```)/g)
        ?.join('')
        .split('\n') ?? [];
    const known = new Set(linesOf(readFileSync('lib/cli/TUTORIAL.md', 'utf8')));
    expect(linesOf(text).filter((line) => !known.has(line))).toEqual([]);
    expect(linesOf(text).length).toBeGreaterThan(3);
  });
});
