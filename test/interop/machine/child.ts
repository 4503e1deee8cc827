import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** Process groups that this process started and has not ended. */
const groups = new Set<number>();

// `exit` comes after SIGINT and SIGTERM too, where the runner turns them into it
process.once('exit', () => {
  for (const group of groups) signal(group, 'SIGKILL');
});

export interface ChildOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes. */
  readonly log: string;
}

export interface Child {
  /** Resolves with the exit code; a signal is 1. */
  readonly ended: Promise<number>;
  /** Asks, waits a little, then kills the whole group: a script's server outlives the script. */
  stop(): Promise<void>;
}

/** How long a server may take to leave. */
const graceMs = 5_000;

/** Starts a program in a process group of its own, which ends with this process at the latest. */
export function startChild(command: string, args: readonly string[], options: ChildOptions): Child {
  const log = openSync(options.log, 'w');
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const group = child.pid;
  if (group !== undefined) groups.add(group);
  const ended = endOf(child);
  return {
    ended,
    async stop() {
      if (group === undefined) return;
      signal(group, 'SIGTERM');
      await Promise.race([ended, sleep(graceMs)]);
      signal(group, 'SIGKILL');
      groups.delete(group);
    },
  };
}

/** Runs a program to its end; rejects with the last of what it printed where it fails or takes longer. */
export async function runChild(
  command: string,
  args: readonly string[],
  { timeoutMs, ...options }: ChildOptions & { readonly timeoutMs: number },
): Promise<void> {
  const child = startChild(command, args, options);
  const code = await Promise.race([child.ended, sleep(timeoutMs).then(() => 'late' as const)]);
  await child.stop();
  if (code !== 0)
    throw new Error(
      `${command} ${args[0] ?? ''} ${code === 'late' ? `took more than ${timeoutMs / 1000} s` : `ended with ${code}`}: ${lastOf(options.log)}`,
    );
}

/** Waits until `check` says yes; rejects where the child ends first or the time is over. */
export async function waitUntil(
  check: () => Promise<boolean>,
  { child, timeoutMs, log }: { readonly child: Child; readonly timeoutMs: number; readonly log: string },
): Promise<void> {
  let code: number | undefined;
  void child.ended.then((ended) => (code = ended));
  const until = Date.now() + timeoutMs;
  while (!(await check())) {
    if (code !== undefined) throw new Error(`the server ended with ${code}: ${lastOf(log)}`);
    if (Date.now() > until)
      throw new Error(`the server was not ready after ${timeoutMs / 1000} s: ${lastOf(log)}`);
    await sleep(250);
  }
}

const lastOf = (log: string): string => `${readFileSync(log, 'utf8').trim().slice(-800)} (all of it: ${log})`;

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    // 127: as a shell says that there is no such command
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function signal(group: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, name);
  } catch {
    // it has ended
  }
}
