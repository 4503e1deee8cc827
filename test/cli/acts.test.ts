import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnswerOf } from '../../lib/wire/operate.ts';
import { authorityOf, caseOf } from '../domain/objects.ts';
import { opened } from '../aws/rows.ts';
import { fresh } from '../aws/world.ts';
import { consentId } from '../../lib/domain/ids.ts';
import { type Cli, rescind, rescindJson, startCli } from './world.ts';

let cli: Cli;
let folder: string;
beforeAll(async () => {
  cli = await startCli();
  folder = mkdtempSync(join(tmpdir(), 'rescind-acts-'));
});
beforeEach(() => cli.reset());
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await cli.close();
});

const by = 'arn:aws:iam::000000000000:user/tester';
const ulid = expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/) as string;
const plan = '01JPLAN0000000000000000000';

const planned: AnswerOf<'planned'> = {
  kind: 'planned',
  plan,
  partner: 'acme',
  revision: 3,
  reason: 'key leaked',
  by,
  until: '2026-01-31T10:30:00.000Z',
  count: 3,
  uncovered: 1,
  digest: 'd'.repeat(64),
  groups: [
    { authority: 'bank', kind: 'refresh_token', count: 2 },
    { authority: 'gateway', kind: 'api_key', count: 1 },
  ],
};
const executedOf = (id: string): AnswerOf<'executed'> => ({
  kind: 'executed',
  plan,
  case: id,
  effectAt: '2026-01-31T09:30:00.000Z',
  count: 3,
});
const changed = { kind: 'refused', code: 'set-changed', reason: '1 credentials came' } as const;

describe('plan', () => {
  const order = ['plan', '--partner', 'acme', '--reason', 'key leaked'];

  it('prints what would die, until when the plan is valid, and the next command', async () => {
    cli.tell(planned);
    const { code, stdout, stderr } = await rescind(...order);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`plan      ${plan}
partner   acme  revision 3
reason    key leaked
by        ${by}
expires   2026-01-31T10:30:00.000Z
kills     3 credentials; 1 of them is uncovered: no connector can kill it
           2  refresh_token  bank
           1  api_key        gateway
digest    ${'d'.repeat(64)}
next      rescind execute ${plan}
`);
    expect(cli.heard).toEqual([
      { by, message: { command: 'plan', request: ulid, partner: 'acme', reason: 'key leaked' } },
    ]);
  });

  it('counts uncovered credentials', async () => {
    const countedAs = async (uncovered: number) => {
      cli.tell({ ...planned, uncovered });
      return /^kills .*$/m.exec((await rescind(...order)).stdout)?.[0];
    };
    expect(await countedAs(0)).toBe('kills     3 credentials');
    expect(await countedAs(2)).toBe(
      'kills     3 credentials; 2 of them are uncovered: no connector can kill them',
    );
  });

  it('prints the answer of the door for programs', async () => {
    cli.tell(planned);
    expect(await rescindJson(...order)).toEqual({ code: 0, stderr: '', result: planned });
  });

  it('plans and executes at once, and again if credentials arrived, each time as a new request', async () => {
    cli.tell(planned, changed, changed, planned, executedOf('case-1'));
    const { code, result } = await rescindJson(...order, '--execute', '--wait', '0');
    expect(code).toBe(0);
    expect(result).toMatchObject({ preview: { plan }, case: 'case-1', count: 3 });
    const commands = cli.heard.map(({ message }) => message as { command: string; request?: string });
    expect(commands.map(({ command }) => command)).toEqual(['plan', 'execute', 'plan', 'plan', 'execute']);
    const requests = commands.flatMap(({ request }) => request ?? []);
    expect(new Set(requests).size).toBe(requests.length);
  });

  it('stops after five plans', async () => {
    cli.tell(...Array.from({ length: 5 }, () => [planned, changed]).flat());
    expect(await rescind(...order, '--execute')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('refused (set-changed)') as string,
    });
    expect(cli.heard).toHaveLength(10);
  });

  it('escapes reasons that would act on the terminal', async () => {
    cli.tell({ ...planned, reason: 'x\u001b[2J\nkills     0 credentials', partner: '\u202eemca' });
    const { stdout } = await rescind(...order);
    expect(stdout).not.toMatch(/[\p{Cf}]/u);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain(String.raw`reason    x\u001b[2J\u000akills     0 credentials`);
  });
});

describe('execute', () => {
  /** A case with one credential, closed or not. */
  async function given(state: 'open' | 'working' | 'closed') {
    const of = caseOf({ subject: { type: 'consent', id: consentId(fresh('consent')) }, state });
    const tally = { planned: 1, ...(state === 'closed' ? { dead: 1 } : { open: 1, uncovered: 1 }) };
    const counted = { kind: 'add-tally', case: of.id, shard: 0, tally } as const;
    await cli.given(opened({ ...of, ...(state === 'closed' && { completeAt: of.effectAt }) }), counted);
    return of;
  }

  it('watches the case until it is closed', async () => {
    const { id } = await given('closed');
    cli.tell(executedOf(id));
    const { code, stdout, stderr } = await rescind('execute', plan);
    expect(code).toBe(0);
    expect(stdout).toContain(`case      ${id}`);
    const counts = '1 obligation = 1 dead + 0 draining + 0 waived + 0 open (0 uncovered)';
    expect(stdout).toContain(`counts    ${counts}\n`);
    expect(stderr).toBe(`case closed: ${counts}\n`);
    expect(cli.heard[0]?.message).toEqual({ command: 'execute', plan });
  });

  it('is incomplete if the case was not closed in time, and says what is open', async () => {
    const { id } = await given('working');
    cli.tell(executedOf(id));
    const { code, result, stderr } = await rescindJson('execute', plan, '--wait', '1');
    expect(code).toBe(4);
    expect(result).toMatchObject({ case: id, state: 'working', open: 1, uncovered: 1 });
    // unchanged counts are printed once
    expect(stderr).toBe(
      'case working: 1 obligation = 0 dead + 0 draining + 0 waived + 1 open (1 uncovered)\n',
    );
  });

  it('says that the walk of a case is still listing credentials', async () => {
    const { id } = await given('open');
    cli.tell(executedOf(id));
    const { stderr } = await rescind('execute', plan, '--wait', '1');
    expect(stderr).toBe(
      'case open, still listing credentials: 1 obligation = 0 dead + 0 draining + 0 waived + 1 open (1 uncovered)\n',
    );
  });

  it('reports the execution also if the case cannot be read', async () => {
    vi.stubEnv('RESCIND_CASES_TABLE', undefined);
    cli.tell(executedOf('case-1'));
    const blind = await rescind('execute', plan);
    expect(blind.code).toBe(4);
    expect(blind.stdout).toContain('look      rescind case show case-1');
    expect(blind.stderr).toContain('set RESCIND_CASES_TABLE');
    vi.stubEnv('RESCIND_CASES_TABLE', 'elsewhere');
    cli.tell(executedOf('case-1'));
    expect(await rescindJson('execute', plan)).toMatchObject({ code: 4, result: { case: 'case-1' } });
  });

  it('does not wait with --wait 0', async () => {
    cli.tell(executedOf('nowhere'));
    expect(await rescindJson('execute', plan, '--wait', '0')).toEqual({
      code: 0,
      stderr: '',
      result: executedOf('nowhere'),
    });
  });

  it('prints a refusal with its code, and ends with 3', async () => {
    cli.tell({ kind: 'refused', code: 'plan-old', reason: 'it expired then: plan again' });
    expect(await rescind('execute', plan)).toEqual({
      code: 3,
      stdout: '',
      stderr: 'rescind: refused (plan-old): it expired then: plan again\n',
    });
  });
});

describe('suspend', () => {
  const hold = 'credential/bank:rt-1/01JHOLD';

  it.each([
    ['--partner', 'acme', { type: 'partner', id: 'acme' }],
    ['--consent', 'consent-1', { type: 'consent', id: 'consent-1' }],
    ['--credential', 'bank/rt/1', { type: 'credential', authority: 'bank', id: 'rt/1' }],
  ])('%s %s places a hold on that', async (option, value, subject) => {
    cli.tell({ kind: 'held', hold, by, at: '2026-01-31T09:30:00.000Z' });
    const { code, stdout } = await rescind('suspend', option, value, '--reason', 'looks odd');
    expect(code).toBe(0);
    expect(stdout).toContain(`held      ${hold}\nby        ${by}\n`);
    expect(cli.heard).toEqual([
      { by, message: { command: 'suspend', request: ulid, subject, reason: 'looks odd' } },
    ]);
  });

  it.each([
    ['--partner', 'acme', 'rotations of its clients: none begins'],
    ['--consent', 'consent-1', 'nothing yet'],
    ['--credential', 'bank/rt-1', 'rotation of a client, if this is its current key'],
  ])('of %s %s says what it blocks and what it does not', async (option, value, blocks) => {
    cli.tell({ kind: 'held', hold, by, at: '2026-01-31T09:30:00.000Z' });
    const { stdout } = await rescind('suspend', option, value, '--reason', 'looks odd');
    expect(stdout).toContain(`\nblocks    ${blocks}`);
    expect(stdout).toContain(
      '\nnot       tokens and keys that exist keep working at the APIs until a gate is attached',
    );
    expect(stdout).toContain('\nto stop   access now: ');
  });

  it('says in its help what a hold blocks and what it does not', async () => {
    const { stdout } = await rescind('suspend', '--help');
    expect(stdout).toContain('A hold blocks the rotation of client keys');
    expect(stdout).toContain('tokens and keys that exist keep working at the APIs until a gate is attached');
  });

  it.each([
    ['nothing', []],
    ['two subjects', ['--partner', 'a', '--consent', 'b']],
    ['a credential without its authority', ['--credential', 'rt-1']],
    ['an invalid id', ['--partner', 'a b']],
    ['an id that acts on terminals', ['--credential', 'bank/\u001b[2J']],
  ])('of %s is a usage error, and is not sent', async (_, what) => {
    const { code, stdout, stderr } = await rescind('suspend', ...what, '--reason', 'r');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toContain('\u001b');
    expect(cli.heard).toEqual([]);
  });
});

describe('reinstate', () => {
  const order = ['reinstate', 'partner/acme/01JHOLD', '--reason', 'was a false alarm'];

  it('by the first operator asks for the lift', async () => {
    cli.tell({ kind: 'asked', what: 'lift/partner/acme/01JHOLD', by, until: '2026-02-01T09:30:00.000Z' });
    const { code, stdout } = await rescind(...order);
    expect(code).toBe(4);
    expect(stdout).toContain(`by        ${by}`);
    expect(stdout).toContain('a second operator must run the same command before 2026-02-01T09:30:00.000Z');
  });

  it('by the second operator lifts the hold', async () => {
    const lifted = { kind: 'lifted', hold: 'partner/acme/01JHOLD', by, askedBy: `${by}-2` } as const;
    cli.tell(lifted);
    expect(await rescindJson(...order)).toEqual({ code: 0, stderr: '', result: lifted });
  });
});

it('rotate orders a rotation', async () => {
  cli.tell({ kind: 'rotation-ordered', client: 'acme-app', dueAt: '2026-01-31T09:30:00.000Z' });
  expect(await rescind('rotate', 'acme-app', '--reason', 'laptop lost')).toEqual({
    code: 0,
    stderr: '',
    stdout:
      'ordered   rotation of acme-app, due 2026-01-31T09:30:00.000Z: it begins within a minute\nlook      rescind rotation show acme-app\n',
  });
  expect(cli.heard[0]?.message).toEqual({ command: 'rotate', client: 'acme-app', reason: 'laptop lost' });
});

describe('register', () => {
  const write = (content: unknown) => {
    const file = join(folder, 'things.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const partner = { id: 'acme', revision: 4, name: 'Acme Ltd' };
  const authority = authorityOf();
  const client = {
    id: 'acme-app',
    revision: 1,
    partner: 'acme',
    authority: 'bank',
    strategy: 'private-key-jwt',
    clientId: 'acme',
    registrationUri: 'https://bank.example/reg/acme',
    keyId: 'key-1',
  };

  it('registers each thing in its order, as it is in the file', async () => {
    cli.tell(
      { kind: 'registered', subject: 'partner/acme', revision: 4 },
      { kind: 'outdated', subject: 'authority/bank', revision: 7 },
      { kind: 'registered', subject: 'client/acme-app', revision: 1 },
    );
    const ended = await rescind('register', write([{ partner }, { authority }, { client }]));
    expect(ended).toEqual({
      code: 0,
      stderr: '',
      stdout: `registered  partner/acme  revision 4
outdated    authority/bank  revision 7 is registered already: nothing was changed; a change needs a higher revision
registered  client/acme-app  revision 1
`,
    });
    expect(cli.heard.map(({ message }) => message)).toEqual([
      { command: 'register-partner', partner },
      { command: 'register-authority', authority },
      { command: 'register-client', client },
    ]);
  });

  it('stops at a thing that needs a second operator: the following ones may depend on it', async () => {
    cli.tell({ kind: 'asked', what: 'authority/bank@1', by, until: '2026-02-01T09:30:00.000Z' });
    const { code, stdout } = await rescind('register', write([{ authority }, { client }]));
    expect(code).toBe(4);
    expect(stdout)
      .toBe(`asked       authority/bank@1  by ${by}: nothing is changed until a second operator registers the same file, before 2026-02-01T09:30:00.000Z
not sent    1 more after this one: the second operator’s run sends them
`);
  });

  it('stops at the first refusal, and says what was done and what was not sent', async () => {
    const file = write([{ partner }, { client }, { authority }]);
    const answers = [
      { kind: 'registered', subject: 'partner/acme', revision: 4 },
      { kind: 'refused', code: 'authority-unknown', reason: 'register it first' },
    ] as const;
    cli.tell(...answers);
    const { code, result } = await rescindJson('register', file);
    expect(code).toBe(3);
    expect(result).toMatchObject({ things: [{ kind: 'registered' }, { kind: 'refused' }], notSent: 1 });
    cli.tell(...answers);
    expect((await rescind('register', file)).stdout).toBe(`registered  partner/acme  revision 4
refused     (authority-unknown) register it first
not sent    1 more after this one: correct it, and register the file again
`);
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{"partner"', 'the file is not JSON'],
    ['nothing', [], '0 things'],
    ['too much', Array.from({ length: 1001 }, () => ({ partner })), '1001 things'],
    ['a bare partner', partner, 'write {"partner": {…}}'],
    ['two kinds in one thing', [{ partner, authority }], 'thing 1: write'],
    ['a list of lists', [[{ partner }]], 'thing 1: write'],
    [
      'a wrong member',
      [{ partner }, { partner: { ...partner, revision: 0 } }],
      'thing 2: partner: revision:',
    ],
    ['a missing member', { authority: { ...authority, issuer: undefined } }, 'authority: issuer:'],
    [
      'an address that is not https',
      { authority: { ...authority, issuer: 'http://a' } },
      'must be an https URL',
    ],
    [
      'another secret',
      { authority: { ...authority, auth: { ...authority.auth, secretName: 'x' } } },
      'rescind/authority/',
    ],
    ['a misspelt member', { client: { ...client, overlapSecond: 900 } }, 'there is no member overlapSecond'],
    [
      'a misspelt inner member',
      { authority: { ...authority, limits: { speed: 1 } } },
      'no member limits.speed',
    ],
    ['no thing of that name', { __proto__x: partner }, 'write {"partner": {…}}'],
  ])('refuses %s, says what to write, and sends nothing', async (_, content, says) => {
    const { code, stdout, stderr } = await rescind('register', write(content));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(cli.heard).toEqual([]);
  });

  it('says that a file cannot be read', async () => {
    expect(await rescind('register', join(folder, 'nowhere'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be read: ENOENT') as string,
    });
  });
});

describe('an order', () => {
  const order = ['rotate', 'acme-app', '--reason', 'r'];

  it('needs the URL of the door, and a region', async () => {
    vi.stubEnv('RESCIND_OPERATE_URL', undefined);
    expect(await rescind(...order)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('set RESCIND_OPERATE_URL') as string,
    });
    cli.reset();
    vi.stubEnv('AWS_REGION', undefined);
    expect(await rescind(...order)).toMatchObject({ code: 2 });
    expect(cli.heard).toEqual([]);
  });

  it('of a caller without the right is refused, and the error says what is missing', async () => {
    cli.door.may = (arn) => !arn.endsWith('/bob');
    cli.as('bob');
    expect(await rescind(...order)).toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(
        /^rescind: AWS refused the call .*lambda:InvokeFunctionUrl.*\n$/,
      ) as string,
    });
    expect(cli.heard).toEqual([]);
  });

  it('that the door calls malformed is a usage error', async () => {
    cli.tell({ kind: 'refused', code: 'malformed', reason: 'the body is not JSON' });
    expect(await rescind(...order)).toMatchObject({ code: 2, stdout: '' });
  });

  it('with an answer of another kind ends as cannot reach', async () => {
    cli.tell(executedOf('case-1'));
    expect(await rescind(...order)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('answered executed') as string,
    });
  });

  it.each([
    [['plan', '--partner', 'acme']],
    [['plan', '--reason', 'r']],
    [['execute']],
    [['execute', plan, '--wait', '-1']],
    [['execute', plan, '--wait', 'soon']],
    [['rotate', 'acme-app', '--reason', ' ']],
    [['rotate', 'acme-app', '--reason', 'r'.repeat(501)]],
    [['suspend', '--partner', 'a'.repeat(129), '--reason', 'r']],
  ])('that is not complete is not sent: %j', async (args) => {
    expect(await rescind(...args)).toMatchObject({ code: 2, stdout: '' });
    expect(cli.heard).toEqual([]);
  });

  it('is explained by --help', async () => {
    for (const verb of ['register', 'plan', 'execute', 'suspend', 'reinstate', 'rotate']) {
      const { code, stdout } = await rescind(verb, '--help');
      expect(code).toBe(0);
      expect(stdout).toContain('RESCIND_OPERATE_URL');
      expect(stdout).toContain('Exit codes: 0 done');
    }
  });

  it.each([
    [['plan'], 'rescind plan --partner <id> --reason <text> [options]'],
    [['approve'], 'rescind approve <case> --credential <authority/id> --reason <text> [options]'],
    [['register'], 'rescind register <file> [options]'],
    [['ledger', 'verify'], 'rescind ledger verify <file> --key <file> [options]'],
    [['case'], 'rescind case [options] <command>'],
  ])('%j --help names the required options in its usage', async (command, usage) => {
    const { stdout } = await rescind(...command, '--help');
    expect(stdout.split('\n')[0]).toBe(`Usage: ${usage}`);
  });

  it.each([
    ['plan'],
    ['suspend'],
    ['approve'],
    ['ledger', 'show'],
    ['inventory', 'list'],
    ['ledger', 'verify'],
  ])('%s %s --help describes every option', async (...command) => {
    const { stdout } = await rescind(...command, '--help');
    const options = stdout.split('\n').filter((line) => line.startsWith('  -'));
    expect(options.length).toBeGreaterThan(2);
    expect(options.filter((line) => !/^ {2}-.*\S {2,}[^( ]/.test(line))).toEqual([]);
  });
});
