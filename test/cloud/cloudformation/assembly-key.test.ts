import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { assemblyKey, inputs } from './assembly-key.ts';

/** A project with one file of each kind that an assembly is made of. */
function newProject() {
  const root = mkdtempSync(join(tmpdir(), 'rescind-project-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const path of ['lib/stack/app.ts', 'functions/operate.ts', 'bin/app.ts', 'cdk.json', 'README.md'])
    write(path, path);
  const home = join(root, 'home');
  return {
    root,
    write,
    remove: (path: string) => rmSync(join(root, path)),
    key: (context: Readonly<Record<string, unknown>> = {}) => assemblyKey(context, { root, home }),
  };
}

describe('the name of an assembly', () => {
  it('stays the same while nothing changes, wherever the project is', () => {
    const { root, key } = newProject();
    expect(key()).toBe(key());
    const moved = mkdtempSync(join(tmpdir(), 'rescind-project-'));
    onTestFinished(() => rmSync(moved, { recursive: true }));
    cpSync(root, moved, { recursive: true });
    expect(assemblyKey({}, { root: moved, home: join(moved, 'home') })).toBe(key());
  });

  it.each([
    'lib/stack/app.ts',
    'lib/stack/new.ts',
    'functions/operate.ts',
    'bin/app.ts',
    'cdk.json',
    'cdk.context.json',
    'package.json',
    'package-lock.json',
    'node_modules/.package-lock.json',
    'tsconfig.json',
    'test/cloud/cloudformation/synthesize.ts',
    'home/.cdk.json',
  ])('changes with %s', (path) => {
    const { write, key } = newProject();
    const before = key();
    write(path, 'changed');
    expect(key()).not.toBe(before);
  });

  it('changes with the name of a file, and with one that is gone', () => {
    const { write, remove, key } = newProject();
    const before = key();
    remove('lib/stack/app.ts');
    const without = key();
    write('lib/stack/other.ts', 'lib/stack/app.ts');
    expect(new Set([before, without, key()]).size).toBe(3);
  });

  it('is made of files that are there', () => {
    expect(inputs.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('changes with the context', () => {
    const { key } = newProject();
    expect(key({ stage: 'test' })).not.toBe(key());
  });

  it('does not change with what no assembly is made of', () => {
    const { write, key } = newProject();
    const before = key();
    write('README.md', 'changed');
    write('test/some.test.ts', 'changed');
    write('bin/start.ts', 'changed');
    expect(key()).toBe(before);
  });
});
