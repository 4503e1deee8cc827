import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Cli, startCli } from './world.ts';

/** The command as a shell runs it: arguments, stdin, exit code. */
let cli: Cli;
beforeAll(async () => {
  cli = await startCli();
});
afterAll(() => cli.close());

const run = (args: readonly string[], stdin: string) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((done, fail) => {
    // the environment of this process: `startCli` has set it
    const child = spawn('node_modules/.bin/tsx', ['bin/rescind.ts', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
    child.once('error', fail).once('close', (code) => done({ code, stdout, stderr }));
    child.stdin.end(stdin);
  });

describe('rescind, as a shell runs it,', () => {
  it('registers a thing from stdin', async () => {
    cli.tell({ kind: 'registered', subject: 'partner/acme', revision: 1 });
    const partner = { id: 'acme', revision: 1, name: 'Acme Ltd' };
    expect(await run(['register', '-', '--json'], JSON.stringify({ partner }))).toEqual({
      code: 0,
      stdout: '{"things":[{"kind":"registered","subject":"partner/acme","revision":1}],"notSent":0}\n',
      stderr: '',
    });
    expect(cli.heard.at(-1)?.message).toEqual({ command: 'register-partner', partner });
  });

  it('ends with the exit code of a refusal', async () => {
    cli.tell({ kind: 'refused', code: 'hold-unknown', reason: 'there is no such hold\u001b[2J' });
    expect(await run(['reinstate', 'partner/acme/01J', '--reason', 'r'], '')).toEqual({
      code: 3,
      stdout: '',
      stderr: 'rescind: refused (hold-unknown): there is no such hold\\u001b[2J\n',
    });
  });

  // regression: the warning was silenced, and its readers would have learned only in January 2027 that this Node.js is too old for the SDK
  it.runIf(Number(process.versions.node.split('.')[0]) < 22)(
    'prints the warning of the AWS SDK about an old Node.js once, on stderr, and never on stdout',
    async () => {
      vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', undefined);
      const { code, stdout, stderr } = await run(['status', '--json'], '');
      expect(code).toBe(0);
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      expect(stderr.match(/NodeVersionSupportWarning/g)).toHaveLength(1);
    },
  );
});
