import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runBundled } from '../cli/run-bundled.ts';

/** What another shell can do with a world that was left up. */
describe('npm start -- --serve', () => {
  let world: ReturnType<typeof spawn>;
  let exports: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    world = spawn(
      process.execPath,
      ['--import', 'tsx', 'bin/start.ts', '--serve', '--assembly', inject('assembly')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    exports = await new Promise((done, fail) => {
      let text = '';
      world.once('exit', (code) => fail(new Error(`ended with ${code}: ${text}`)));
      world.stdout?.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        if (!text.includes('Ctrl-C ends it.')) return;
        const lines = [...text.matchAll(/^export (\w+)=(?:'(.*)'|(.*))$/gm)];
        done(Object.fromEntries(lines.map(([, name, quoted, bare]) => [name, quoted ?? bare])));
      });
    });
  });
  afterAll(() => void world.kill('SIGKILL'));

  const rescind = (...args: string[]) => runBundled(args, exports);

  it('is read by the command line with the lines that it printed', async () => {
    const { code, stdout } = await rescind('status', '--json');
    // acme's key that nobody here can kill is owed in two cases
    expect([code, JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')]).toMatchObject([
      1,
      { ok: false, cases: 2, open: 2, uncovered: 2, draining: 0, overdue: 0 },
    ]);
  });

  it('names to it what nobody can kill', async () => {
    const { code, stdout } = await rescind('case', 'show', 'consent-withdrawn/consent-1/1/1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/legacy-portal\/acme-key-1 +api_key +open /);
    expect(stdout).toContain(
      'uncovered: no connector can kill an api_key yet. Remove it at legacy-portal by hand',
    );
  });

  it('obeys it', async () => {
    const cut = await rescind('plan', '--partner', 'birch', '--reason', 'test', '--execute', '--json');
    expect([cut.code, JSON.parse(cut.stdout)]).toMatchObject([
      0,
      { case: 'emergency-ordered/birch/1/1', dead: 3 },
    ]);
  });

  it('ends when it is told to', async () => {
    const ended = new Promise((done) => world.once('exit', done));
    world.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});
