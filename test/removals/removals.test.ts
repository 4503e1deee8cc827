import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { copyWith } from './copies/take-out.ts';
import type { RemovalsSummary } from './summarize.ts';
import { withGrant } from './with-grant.ts';

const limitMs = 400_000;

/** `npm run removals`, as a shell runs it. */
async function removals(...args: readonly string[]) {
  const resume = join(tmpdir(), `rescind-removals-${process.pid}-${args.length}.jsonl`);
  onTestFinished(() => rmSync(resume, { force: true }));
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'test/removals/run-removals.ts',
      '--json',
      '--jobs',
      '2',
      '--resume',
      resume,
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail).once('close', done);
  });
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  return { code, summary: line === '' ? undefined : (JSON.parse(line) as RemovalsSummary) };
}

it(
  'five grants that a seed chooses are each missed by the story, and the refusal says so',
  async () => {
    // every day another five; RESCIND_SEED repeats a day that failed
    const seed = process.env['RESCIND_SEED'] ?? new Date().toISOString().slice(0, 10);
    const sample = ['--story', '--sample', '5', '--seed', seed];
    const { code, summary } = await removals('--assembly', inject('assembly'), ...sample);
    // of some the chaser or the next tick makes good: they are named with their refusal
    const unseen = summary?.others.filter(({ outcome }) => outcome !== 'refused');
    expect({ ...summary, unseen }).toMatchObject({ ok: true, total: 5, unseen: [], seed });
    expect(code).toBe(0);
  },
  limitMs,
);

it(
  'a grant that nobody needs survives, is named, and ends the run with 1',
  async () => {
    const assembly = copyWith(inject('assembly'), (template) => withGrant(template, 'sqs:PurgeQueue'));
    onTestFinished(() => rmSync(assembly, { recursive: true }));
    const { code, summary } = await removals('--assembly', assembly, '--only', 'sqs:PurgeQueue');
    expect(summary?.others).toEqual([
      {
        outcome: 'survived',
        line: expect.stringMatching(/^TakeSignalRole allows sqs:PurgeQueue on /),
        seen: 'nothing failed and nobody was refused it',
      },
    ]);
    expect(code).toBe(1);
  },
  limitMs,
);

it('what is no option, or has no assembly, is a mistake of whoever asks', async () => {
  expect((await removals('--sample', 'none')).code).toBe(2);
  expect((await removals('--seed', 'x')).code).toBe(2);
  expect((await removals('--assembly', '/nowhere')).code).toBe(2);
});
