import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import type { Summary } from '../story/summary.ts';
import { play } from './play.ts';
import { wholeStory } from './whole-story.ts';

const facts = [
  'issued',
  'refreshed',
  'exchanged',
  'withdrawn',
  'expired',
  'rotated',
  'retired',
  'held',
  'lifted',
  'revoked',
];

const announced = [
  'Credential Issued',
  'Credential Refreshed',
  'Credential Exchanged',
  'Consent Withdrawn',
  'Credential Expired',
  'Secret Rotated',
  'Secret Retired',
  'Access Held',
  'Access Lifted',
  'Credential Revoked',
  'Case Opened',
  'Case Closed',
];

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
          state: 'working',
          ...{ planned: 5, dead: 4, draining: 0, waived: 0, open: 1, uncovered: 1 },
          uncoveredNames: ['credential/legacy-portal/acme-key-1'],
        },
        { id: expect.stringMatching(/^credential-expired\//), state: 'closed', planned: 1, dead: 1 },
        { id: expect.stringMatching(/^secret-retired\//), state: 'closed', planned: 1, dead: 1 },
        {
          id: 'consent-withdrawn/consent-3/1/1',
          state: 'closed',
          ...{ planned: 2, dead: 2, draining: 0, waived: 0, open: 0, uncovered: 0 },
          uncoveredNames: [],
        },
        {
          id: 'emergency-ordered/acme/1/1',
          state: 'working',
          ...{ planned: 4, dead: 3, draining: 0, waived: 0, open: 1, uncovered: 1 },
          uncoveredNames: ['credential/legacy-portal/acme-key-1'],
        },
      ],
    });
    const { cost } = summary;
    expect(cost.perCredential?.writeUnits).toBe(Math.round((cost.writeUnits * 100) / 11) / 100);
    for (const one of summary.cases)
      for (const [name, value] of Object.entries(one.cost)) expect([name, value > 0]).toEqual([name, true]);
    expect(cost.requests).toBe(summary.cases.reduce((sum, one) => sum + one.cost.requests, 0));
    expect(summary.claims.map(({ claim }) => claim)).toEqual([
      'refresh-works-before',
      'introspect-active-before',
      'refresh-refused-after',
      'introspect-inactive-after',
      'exchanged-inactive-after',
      'consent-2-alive',
      'consent-3-alive',
      'uncovered-named',
      'case-1-open',
      'expired-token-refused',
      'other-token-alive',
      'both-keys-work-in-overlap',
      'new-key-works',
      'old-key-refused',
      'suspended-is-held',
      'one-person-cannot-reinstate',
      'reinstated-by-two',
      'case-3-closed',
      'partner-cut-off',
      'bystander-alive',
      'ledger-one-to-one',
      'ledger-verifies',
      'tampered-ledger-named',
    ]);
    expect(summary.claims.every(({ ok }) => ok)).toBe(true);
    expect(summary.effectMs).toBeGreaterThanOrEqual(0);
    expect(summary.completeMs).toBeGreaterThanOrEqual(summary.effectMs ?? Infinity);
  });

  it('prints the lines that the README shows, in their order', async () => {
    const { stdout, exitCode } = await wholeStory();
    expect(exitCode).toBe(0);
    const steady = (text: string) =>
      text
        .replace(/^\s*\d+\.\d\d s/, 'T s')
        .replace(/\+\d+ ms/g, '+N ms')
        .replace(/\d+ of \d+ entries sealed, root [0-9a-f]{12}/, 'N of N entries sealed, root HASH');
    const shown = /```text\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
    const wanted = shown.trimEnd().split('\n').map(steady);
    const printed = stdout.flatMap((line) => line.split('\n')).map(steady);
    const places = wanted.map((line) => printed.indexOf(line));
    expect(wanted.filter((_, index) => places[index] === -1)).toEqual([]);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(wanted.length).toBeGreaterThan(8);
  });

  it('says first what it does, under headings, and closes with one line for each act', async () => {
    const { stdout } = await play({ json: false, acts: ['withdrawal'] });
    const text = stdout.join('\n');
    expect(text).toMatch(/^\nThe stack\n/);
    expect(text).toContain('\n\nJob 3: ');
    expect(text).toContain('true      withdrawal: 9 of 9 claims hold');
    expect(text).not.toContain('refresh-works-before');
    expect((await play({ json: false, verbose: true, acts: ['withdrawal'] })).stdout.join('\n')).toContain(
      'true  refresh-works-before',
    );
  });

  it('leaves each fact in the ledger and on the bus, under a name of its own', async () => {
    const { kinds, types } = await wholeStory();
    for (const kind of facts) expect([...kinds]).toContain(kind);
    for (const type of announced) expect([...types]).toContain(type);
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
