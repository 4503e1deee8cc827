import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pair } from './pairs.ts';

/** The commands that it takes; the launcher of a single source file is Java's since version 11. */
export const missingCommands = (): readonly string[] =>
  ['java', 'mvn'].filter((command) => spawnSync(command, ['-version']).error !== undefined);

/** What AWS's engine says of each pair: whether it matches, or that the pattern is refused. */
export function judge(pairs: readonly Pair[]): readonly (boolean | 'refused')[] {
  const lines = pairs.map((pair) => pair.map((value) => JSON.stringify(value)).join('\t'));
  const source = fileURLToPath(new URL('Judge.java', import.meta.url));
  const answers = run('java', ['-cp', readClassPath(), source], lines.join('\n')).trimEnd().split('\n');
  if (answers.length !== pairs.length)
    throw new Error(`${pairs.length} pairs, but ${answers.length} answers`);
  return answers.map((answer) => {
    if (answer === 'refused') return answer;
    if (answer !== 'true' && answer !== 'false') throw new Error(`Judge.java answered ${answer}`);
    return answer === 'true';
  });
}

function readClassPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-patterns-'));
  try {
    const file = join(folder, 'classpath');
    const pom = fileURLToPath(new URL('pom.xml', import.meta.url));
    run('mvn', ['-q', '-B', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${file}`], '');
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(command: string, args: readonly string[], input: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}
