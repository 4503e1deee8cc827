import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { systemTests } from './system-tests.ts';

/** A project with these files. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'rescind-tests-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const thread = "import { Worker } from 'node:worker_threads';\n";
const child = "import { spawn } from 'node:child_process';\n";
const isSystem = (text: string, others: Readonly<Record<string, string>> = {}): boolean =>
  systemTests(projectOf({ 'test/one.test.ts': text, ...others })).length === 1;

describe('a system test', () => {
  it.each([
    ['starts threads', thread],
    ['starts processes', child],
    ['starts them over several lines', "import {\n  execFile,\n  spawn,\n} from 'node:child_process';\n"],
    // in two parts, else this file would be one
    ['asks for the assembly', `const folder = ${'inject'}('assembly');\n`],
  ])('%s', (_, text) => {
    expect(isSystem(text)).toBe(true);
    expect(isSystem(`import { it } from 'vitest';\n${text}`)).toBe(true);
  });

  it('imports what does, in whatever folder, at whatever distance, and in a circle', () => {
    const others = {
      'test/world/world.ts': "import './start.ts';\nexport const world = 1;\n",
      'test/world/start.ts': "export { run } from '../../lib/run.ts';\nimport { world } from './world.ts';\n",
      'lib/run.ts': thread,
    };
    expect(isSystem("import { world } from './world/world.ts';\n", others)).toBe(true);
    expect(isSystem("import { world } from './world/world.ts';\n", { ...others, 'lib/run.ts': '' })).toBe(
      false,
    );
  });

  it('is none for a type of what does, nor for its name in a text', () => {
    const others = { 'test/world.ts': thread };
    expect(isSystem("import type { World } from './world.ts';\n", others)).toBe(false);
    expect(isSystem("export type { World } from './world.ts';\n", others)).toBe(false);
    expect(isSystem("const text = 'node:child_process';\n", others)).toBe(false);
  });

  it('is found among the others, in the order of their paths', () => {
    const root = projectOf({
      'test/b/c.test.ts': child,
      'test/a.test.ts': thread,
      'test/d.test.ts': '',
      'test/e.ts': child,
    });
    expect(systemTests(root)).toEqual(['test/a.test.ts', 'test/b/c.test.ts']);
  });
});

describe('every other test', () => {
  // by a way that no import shows
  it('is refused threads and processes by Node itself', async () => {
    const { Worker } = await import('node:worker_threads');
    const { spawnSync } = await import('node:child_process');
    expect(() => new Worker('', { eval: true })).toThrow('Access to this API has been restricted');
    expect(() => spawnSync(process.execPath, ['--version'])).toThrow(
      'Access to this API has been restricted',
    );
  });

  it('has no assembly, for which a run would have to wait', () => {
    const name = 'assembly';
    expect(inject(name)).toBeUndefined();
  });
});
