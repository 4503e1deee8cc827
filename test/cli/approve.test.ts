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
  it('sends the order under the caller’s identity, and prints what ends too and what comes next', async () => {
    cli.tell(approved);
    const { code, stdout, stderr } = await rescind(...order);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`approved  bank/rt/1: its collateral is accepted; its obligation is open
ends too  3 live credentials outside this case:
          credential/bank/rt-2
          credential/bank/rt-3
          and 1 more
next      a worker revokes it within two minutes
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

  it('prints the answer of the door for programs', async () => {
    cli.tell(approved);
    expect(await rescindJson(...order)).toEqual({ code: 0, stderr: '', result: approved });
  });

  it('promises no worker if the credential is dead by now', async () => {
    cli.tell({ ...approved, state: 'dead', count: 0, ends: [] });
    const { stdout } = await rescind(...order);
    expect(stdout).toBe(`approved  bank/rt/1: its collateral is accepted; its obligation is dead
ends too  no live credential outside this case
look      rescind case show ${id}
`);
  });

  it('prints a refusal with its code, and ends with 3', async () => {
    cli.tell({ kind: 'refused', code: 'not-blocked', reason: 'its last attempt ended as timeout' });
    expect(await rescind(...order)).toEqual({
      code: 3,
      stdout: '',
      stderr: 'rescind: refused (not-blocked): its last attempt ended as timeout\n',
    });
  });

  it.each([
    [['approve', id, '--credential', 'bank', '--reason', 'r'], 'write <authority>/<id>'],
    [['approve', id, '--credential', 'bank/rt', '--reason', ' '], 'must say why'],
    [['approve', 'a case', '--credential', 'bank/rt', '--reason', 'r'], 'must be the id of a case'],
    [['approve', id, '--reason', 'r'], '--credential'],
    [['approve', id, '--credential', 'bank/rt'], '--reason'],
  ])('of %j is a usage error, and is not sent', async (args, says) => {
    const { code, stderr } = await rescind(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(cli.heard).toEqual([]);
  });

  it('escapes text that would act on the terminal', async () => {
    cli.tell({ ...approved, case: 'x\u001b[2J', ends: ['a\nnext      all is well'] });
    const { stdout } = await rescind(...order);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.match(/^next /gm)).toHaveLength(1);
  });
});
