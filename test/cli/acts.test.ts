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

  it('shows what would die, until when, and how to go on', async () => {
    cli.tell(planned);
    const { code, stdout, stderr } = await rescind(...order);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`plan      ${plan}
partner   acme  revision 3
reason    key leaked
by        ${by}
good till 2026-01-31T10:30:00.000Z
kills     3 credentials; 1 of them is uncovered: no connector kills it
           2  refresh_token  bank
           1  api_key        gateway
digest    ${'d'.repeat(64)}
next      rescind execute ${plan}
`);
    expect(cli.heard).toEqual([
      { by, message: { command: 'plan', request: ulid, partner: 'acme', reason: 'key leaked' } },
    ]);
  });

  it('counts those that are uncovered', async () => {
    const countedAs = async (uncovered: number) => {
      cli.tell({ ...planned, uncovered });
      return /^kills .*$/m.exec((await rescind(...order)).stdout)?.[0];
    };
    expect(await countedAs(0)).toBe('kills     3 credentials');
    expect(await countedAs(2)).toBe(
      'kills     3 credentials; 2 of them are uncovered: no connector kills those',
    );
  });

  it('says the answer of the door to programs', async () => {
    cli.tell(planned);
    expect(await rescindJson(...order)).toEqual({ code: 0, stderr: '', result: planned });
  });

  it('plans and executes at once, and again where credentials came, each time as a new request', async () => {
    cli.tell(planned, changed, changed, planned, executedOf('case-1'));
    const { code, result } = await rescindJson(...order, '--execute', '--wait', '0');
    expect(code).toBe(0);
    expect(result).toMatchObject({ preview: { plan }, case: 'case-1', count: 3 });
    const commands = cli.heard.map(({ message }) => message as { command: string; request?: string });
    expect(commands.map(({ command }) => command)).toEqual(['plan', 'execute', 'plan', 'plan', 'execute']);
    const requests = commands.flatMap(({ request }) => request ?? []);
    expect(new Set(requests).size).toBe(requests.length);
  });

  it('gives up after five plans', async () => {
    cli.tell(...Array.from({ length: 5 }, () => [planned, changed]).flat());
    expect(await rescind(...order, '--execute')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('refused (set-changed)') as string,
    });
    expect(cli.heard).toHaveLength(10);
  });

  it('shows hostile reasons as they are, not as they act', async () => {
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
    expect(stdout).toContain('planned 1 = dead 1 + draining 0');
    expect(stderr).toBe('case closed: 1 of 1 done, 0 open (uncovered 0), 0 draining\n');
    expect(cli.heard[0]?.message).toEqual({ command: 'execute', plan });
  });

  it('is incomplete where it was not closed in time, and says what is open', async () => {
    const { id } = await given('working');
    cli.tell(executedOf(id));
    const { code, result, stderr } = await rescindJson('execute', plan, '--wait', '1');
    expect(code).toBe(4);
    expect(result).toMatchObject({ case: id, state: 'working', open: 1, uncovered: 1 });
    // what did not change is said once
    expect(stderr).toBe('case working: 0 of 1 done, 1 open (uncovered 1), 0 draining\n');
  });

  it('says that a case which is not counted yet still lists', async () => {
    const { id } = await given('open');
    cli.tell(executedOf(id));
    const { stderr } = await rescind('execute', plan, '--wait', '1');
    expect(stderr).toBe('case open, still listing: 0 of 1 done, 1 open (uncovered 1), 0 draining\n');
  });

  it('tells what was executed also where nobody can look', async () => {
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

  it('does not wait where it is told not to', async () => {
    cli.tell(executedOf('nowhere'));
    expect(await rescindJson('execute', plan, '--wait', '0')).toEqual({
      code: 0,
      stderr: '',
      result: executedOf('nowhere'),
    });
  });

  it('says a refusal with its code, and ends with 3', async () => {
    cli.tell({ kind: 'refused', code: 'plan-old', reason: 'it was good until then: plan again' });
    expect(await rescind('execute', plan)).toEqual({
      code: 3,
      stdout: '',
      stderr: 'rescind: refused (plan-old): it was good until then: plan again\n',
    });
  });
});

describe('suspend', () => {
  const hold = 'credential/bank:rt-1/01JHOLD';

  it.each([
    ['--partner', 'acme', { type: 'partner', id: 'acme' }],
    ['--consent', 'consent-1', { type: 'consent', id: 'consent-1' }],
    ['--credential', 'bank/rt/1', { type: 'credential', authority: 'bank', id: 'rt/1' }],
  ])('%s %s holds that', async (option, value, subject) => {
    cli.tell({ kind: 'held', hold, by, at: '2026-01-31T09:30:00.000Z' });
    const { code, stdout } = await rescind('suspend', option, value, '--reason', 'looks odd');
    expect(code).toBe(0);
    expect(stdout).toContain(`held      ${hold}\nby        ${by}\n`);
    expect(cli.heard).toEqual([
      { by, message: { command: 'suspend', request: ulid, subject, reason: 'looks odd' } },
    ]);
  });

  it.each([
    ['nothing', []],
    ['two things', ['--partner', 'a', '--consent', 'b']],
    ['a credential without its authority', ['--credential', 'rt-1']],
    ['an id that is none', ['--partner', 'a b']],
    ['an id that acts on terminals', ['--credential', 'bank/\u001b[2J']],
  ])('of %s is a mistake that nobody hears of', async (_, what) => {
    const { code, stdout, stderr } = await rescind('suspend', ...what, '--reason', 'r');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).not.toContain('\u001b');
    expect(cli.heard).toEqual([]);
  });
});

describe('reinstate', () => {
  const order = ['reinstate', 'partner/acme/01JHOLD', '--reason', 'was a false alarm'];

  it('by the first of two asks', async () => {
    cli.tell({ kind: 'asked', what: 'lift/partner/acme/01JHOLD', by, until: '2026-02-01T09:30:00.000Z' });
    const { code, stdout } = await rescind(...order);
    expect(code).toBe(4);
    expect(stdout).toContain(`by        ${by}`);
    expect(stdout).toContain('a second operator has to reinstate it too before 2026-02-01T09:30:00.000Z');
  });

  it('by the second lifts', async () => {
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

  it('registers each thing in its order, as it stands in the file', async () => {
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
outdated    authority/bank  revision 7 stands: nothing was changed
registered  client/acme-app  revision 1
`,
    });
    expect(cli.heard.map(({ message }) => message)).toEqual([
      { command: 'register-partner', partner },
      { command: 'register-authority', authority },
      { command: 'register-client', client },
    ]);
  });

  it('stops where a second operator has to register the same: what follows may need it', async () => {
    cli.tell({ kind: 'asked', what: 'authority/bank@1', by, until: '2026-02-01T09:30:00.000Z' });
    const { code, stdout } = await rescind('register', write([{ authority }, { client }]));
    expect(code).toBe(4);
    expect(stdout).toContain(`asked       authority/bank@1  by ${by}: it takes two`);
    expect(stdout).toContain('1 more was not sent');
  });

  it('stops at the first refusal, and says what was done and what was not sent', async () => {
    cli.tell(
      { kind: 'registered', subject: 'partner/acme', revision: 4 },
      { kind: 'refused', code: 'authority-unknown', reason: 'register it first' },
    );
    const { code, result } = await rescindJson('register', write([{ partner }, { client }, { authority }]));
    expect(code).toBe(3);
    expect(result).toMatchObject({ things: [{ kind: 'registered' }, { kind: 'refused' }], notSent: 1 });
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{"partner"', 'this is no JSON'],
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
  ])('of %s says what to write, and sends nothing', async (_, content, says) => {
    const { code, stdout, stderr } = await rescind('register', write(content));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(cli.heard).toEqual([]);
  });

  it('of a file that is not there says so', async () => {
    expect(await rescind('register', join(folder, 'nowhere'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be read: ENOENT') as string,
    });
  });
});

describe('an act', () => {
  const order = ['rotate', 'acme-app', '--reason', 'r'];

  it('needs the address of the door, and a region', async () => {
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

  it('by a caller who may not is refused, and says what is missing', async () => {
    cli.door.may = (arn) => !arn.endsWith('/bob');
    cli.as('bob');
    expect(await rescind(...order)).toEqual({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(
        /^rescind: AWS let nobody through .*lambda:InvokeFunctionUrl.*\n$/,
      ) as string,
    });
    expect(cli.heard).toEqual([]);
  });

  it('that the door calls malformed is a mistake of usage', async () => {
    cli.tell({ kind: 'refused', code: 'malformed', reason: 'the body is not JSON' });
    expect(await rescind(...order)).toMatchObject({ code: 2, stdout: '' });
  });

  it('that is answered with something else did not come through', async () => {
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
  ])('that is not whole is not sent: %j', async (args) => {
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
  ])('%j --help names in its usage what cannot be left out', async (command, usage) => {
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
  ])('%s %s --help says of every option what it is', async (...command) => {
    const { stdout } = await rescind(...command, '--help');
    const options = stdout.split('\n').filter((line) => line.startsWith('  -'));
    expect(options.length).toBeGreaterThan(2);
    expect(options.filter((line) => !/^ {2}-.*\S {2,}[^( ]/.test(line))).toEqual([]);
  });
});
