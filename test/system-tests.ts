import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a module of its own cannot do: start a thread or a process. */
const outside = new Set(['node:worker_threads', 'node:child_process']);

/** Imports and re-exports that are there at run time; types are not. */
const imports = /^(?:import|export)(?! type\b)[^;']*'([^']+)';/gm;

const asksForAssembly = /\binject\('assembly'\)/;

interface Module {
  readonly isSystem: boolean;
  readonly imports: readonly string[];
}

/**
 * The test files that ask for the assembly, or come by their imports to a module that starts threads or processes. All
 * others are unit tests: the processes that run them may start neither (vitest.config.ts).
 */
export function systemTests(root: string): readonly string[] {
  const known = new Map<string, Module>();
  const moduleAt = (path: string): Module => {
    const found = known.get(path) ?? readModule(root, path);
    known.set(path, found);
    return found;
  };
  const isSystem = (path: string, seen: Set<string>): boolean => {
    if (seen.has(path)) return false;
    seen.add(path);
    const module = moduleAt(path);
    return module.isSystem || module.imports.some((imported) => isSystem(imported, seen));
  };
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((path) => join('test', path))
    .filter((path) => path.endsWith('.test.ts') && isSystem(path, new Set()))
    .toSorted();
}

function readModule(root: string, path: string): Module {
  const text = readFileSync(join(root, path), 'utf8');
  const specifiers = [...text.matchAll(imports)].map(([, specifier = '']) => specifier);
  return {
    isSystem: asksForAssembly.test(text) || specifiers.some((specifier) => outside.has(specifier)),
    imports: specifiers.filter((specifier) => specifier.startsWith('.')).map((to) => join(dirname(path), to)),
  };
}
