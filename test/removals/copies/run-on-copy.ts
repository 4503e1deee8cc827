import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Refused } from '../../cloud/iam/enforcement.ts';
import type { Played } from './played.ts';

/** Something to play, and what came of it. */
export interface Attempt extends Played {
  /** `withdrawal`, `ticks`, `story`, or a test file. */
  readonly on: string;
  readonly refused: readonly Refused[];
  readonly seconds: number;
}

export interface Patience {
  readonly limitMs: number;
  /** A part of the story waits as long as the story does, not as short as for what will fail. @default false */
  readonly patient?: boolean;
}

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Plays a part of the story, or runs a test file, on an assembly, in a process of its own that is ended with all it started when
 * it takes longer than `limitMs`. To take too long is to fail, and so is to end without a word.
 */
export async function runOnCopy(
  assembly: string,
  on: string,
  { limitMs, patient = false }: Patience,
): Promise<Attempt> {
  const folder = mkdtempSync(join(tmpdir(), 'rescind-refusals-'));
  const heard = join(folder, 'refusals.jsonl');
  writeFileSync(heard, '');
  try {
    const begun = performance.now();
    const ended = await runProgram(
      [programFor(on), assembly, on, ...(patient ? ['patient'] : [])],
      { RESCIND_REFUSALS: heard },
      limitMs,
    );
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    const refused = linesOf(readFileSync(heard, 'utf8')).map((line) => JSON.parse(line) as Refused);
    const played = readPlayed(ended.stdout) ?? { failed: [wordsFor(ended, limitMs)], broken: true };
    return { ...played, on, refused, seconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const programFor = (on: string): string =>
  fileURLToPath(new URL(on.endsWith('.test.ts') ? 'test-copy.ts' : 'play-copy.ts', import.meta.url));

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** It was ended because it took too long. */
  readonly late: boolean;
}

async function runProgram(
  args: readonly string[],
  variables: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: projectRoot,
    env: { ...environmentWithoutVitest(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stop = () => {
    // the group: a test file has processes of its own
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  let [stdout, stderr, late] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, limitMs);
  process.once('exit', stop);
  await new Promise<void>((done, fail) => {
    child.once('error', fail).once('close', () => done());
  });
  clearTimeout(timer);
  process.off('exit', stop);
  return { stdout, stderr, late };
}

const wordsFor = ({ late, stderr }: Ended, limitMs: number): string =>
  late ? `not over within ${limitMs / 1_000} s` : `ended without a word: ${stderr.trim().slice(-500)}`;

function readPlayed(stdout: string): Played | undefined {
  const last = linesOf(stdout).at(-1) ?? '';
  return last.startsWith('{"failed"') ? (JSON.parse(last) as Played) : undefined;
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** A test of the removals is a process of vitest, and the programs here are none of its. */
function environmentWithoutVitest(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|RESCIND_)/.test(name)),
  );
}
