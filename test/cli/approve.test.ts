import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerOf } from '../../lib/wire/operate.ts';
import { type Cli, rescind, rescindJson, startCli } from './world.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await startCli();
});
beforeEach(() => cli.reset());
afterAll(() => cli.close());

const id = 'consent-withdrawn/consent-1/1/1';
const order = ['approve', id, '--credential', 'bank/rt/1', '--reason', 'both may go'];
const approved: AnswerOf<'approved'> = {
  kind: 'approved',
  case: id,
  credential: { authority: 'bank', id: 'rt/1' },
  state: 'open',
  count: 3,
  ends: ['credential/bank/rt-2', 'credential/bank/rt-3'],
};

describe('approve', () => {
  it('orders it in the caller’s name, and says what ends with it and what comes next', async () => {
    cli.tell(approved);
    const { code, stdout, stderr } = await rescind(...order);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`approved  bank/rt/1 of ${id}, which is open
ends too  3 that live outside the case:
          credential/bank/rt-2
          credential/bank/rt-3
          and 1 more
next      a worker tries it within two minutes
look      rescind case show ${id}
`);
    const credential = { authority: 'bank', id: 'rt/1' };
    expect(cli.heard).toEqual([
      {
        by: 'arn:aws:iam::000000000000:user/tester',
        message: { command: 'approve', case: id, credential, reason: 'both may go' },
      },
    ]);
  });

  it('says the answer of the door to programs', async () => {
    cli.tell(approved);
    expect(await rescindJson(...order)).toEqual({ code: 0, stderr: '', result: approved });
  });

  it('announces no worker where it is dead by now', async () => {
    cli.tell({ ...approved, state: 'dead', count: 0, ends: [] });
    const { stdout } = await rescind(...order);
    expect(stdout).toBe(`approved  bank/rt/1 of ${id}, which is dead
ends too  0 that live outside the case
look      rescind case show ${id}
`);
  });

  it('says a refusal with its code, and ends with 3', async () => {
    cli.tell({ kind: 'refused', code: 'not-blocked', reason: 'what came of the last attempt: timeout' });
    expect(await rescind(...order)).toEqual({
      code: 3,
      stdout: '',
      stderr: 'rescind: refused (not-blocked): what came of the last attempt: timeout\n',
    });
  });

  it.each([
    [['approve', id, '--credential', 'bank', '--reason', 'r'], 'write <authority>/<id>'],
    [['approve', id, '--credential', 'bank/rt', '--reason', ' '], 'must say why'],
    [['approve', 'a case', '--credential', 'bank/rt', '--reason', 'r'], 'must be the id of a case'],
    [['approve', id, '--reason', 'r'], '--credential'],
    [['approve', id, '--credential', 'bank/rt'], '--reason'],
  ])('of %j is a mistake, and asks nobody', async (args, says) => {
    const { code, stderr } = await rescind(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(cli.heard).toEqual([]);
  });

  it('shows what acts on terminals as it is', async () => {
    cli.tell({ ...approved, case: 'x\u001b[2J', ends: ['a\nnext      all is well'] });
    const { stdout } = await rescind(...order);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.match(/^next /gm)).toHaveLength(1);
  });
});
