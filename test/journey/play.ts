import { inject } from 'vitest';
import { start, type StartOptions } from '../story/start.ts';
import type { Summary } from '../story/summary.ts';

/** Plays the story in this process and gives what a caller of the command would see. */
export async function play(
  options: Pick<StartOptions, 'bundles' | 'onStage' | 'onEnd' | 'patienceMs' | 'acts' | 'verbose'> & {
    readonly json?: boolean;
    /** @default what the whole run synthesized */
    readonly assembly?: string;
  } = {},
) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const { json = true, ...rest } = options;
  const exitCode = await start({
    ...rest,
    json,
    assembly: options.assembly ?? inject('assembly'),
    stdout: (line) => void stdout.push(line),
    stderr: (line) => void stderr.push(line),
  });
  return {
    exitCode,
    stdout,
    stderr,
    summary: json ? (JSON.parse(stdout.at(-1) ?? '') as Summary) : undefined,
  };
}
