import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import type { Summary } from '../../lib/local/story/summary.ts';
import { play } from './play.ts';

/** P2, P3, P5: what the README shows. */
describe('npm start', () => {
  it('plays the story with every claim true, as a command of its own', async () => {
    const { code, stdout, stderr } = await run('--json', '--assembly', inject('assembly'));
    expect(stderr).toContain('effect');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    const summary = JSON.parse(lines[0] ?? '') as Summary;
    expect(summary).toMatchObject({
      ok: true,
      bystandersAlive: 4,
      cases: [
        {
          id: 'consent-withdrawn/consent-1/1/1',
          state: 'closed',
          ...{ planned: 3, dead: 3, draining: 0, waived: 0, open: 0, uncovered: 0 },
          uncoveredNames: [],
        },
        { state: 'closed', planned: 1, dead: 1, open: 0 },
      ],
    });
    expect(summary.claims.map(({ claim }) => claim)).toEqual([
      'refresh-works-before',
      'introspect-active-before',
      'refresh-refused-after',
      'introspect-inactive-after',
      'consent-2-alive',
      'consent-3-alive',
      'case-closed',
      'expired-token-refused',
      'other-token-alive',
      'ledger-one-to-one',
      'ledger-verifies',
      'tampered-ledger-named',
    ]);
    expect(summary.claims.every(({ ok }) => ok)).toBe(true);
    expect(summary.effectMs).toBeGreaterThanOrEqual(0);
    expect(summary.completeMs).toBeGreaterThanOrEqual(summary.effectMs ?? Infinity);
  });

  it('prints the timeline that the README shows', async () => {
    const { stdout, exitCode } = await play({ json: false });
    expect(exitCode).toBe(0);
    const shown = /```text\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
    const steady = (text: string) =>
      text
        .trim()
        .split('\n')
        .filter((line) => !/ s {2}cdk /.test(line))
        .map((line) =>
          line
            .replace(/^\s*\d+\.\d\d s/, 'T s')
            .replace(/\+\d+ ms/g, '+N ms')
            .replace(/127\.0\.0\.1:\d+/, '127.0.0.1:PORT')
            .replace(/root [0-9a-f]{12}/, 'root HASH')
            .replace(/named: [0-9A-Z]{26}/, 'named: ULID'),
        )
        .join('\n');
    expect(steady(stdout.join('\n'))).toBe(steady(shown));
    const times = [...shown.matchAll(/^\s*(\d+\.\d\d) s/gm)].map(([, seconds]) => Number(seconds));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('says what is wrong with an option that it does not know, and ends with a code of its own', async () => {
    const { code, stderr } = await run('--jsno');
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--jsno'");
  });
});

function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn('npm', ['start', '--silent', '--', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
    child.once('error', fail).once('close', (code) => done({ code, stdout, stderr }));
  });
}
