import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Case, caseIdOf, type Tally } from '../../../../lib/domain/case/case.ts';
import type { Credential } from '../../../../lib/domain/inventory/credential.ts';
import {
  authorityId,
  clientId,
  consentId,
  credentialId,
  type CredentialRef,
  grantId,
  partnerId,
} from '../../../../lib/domain/ids.ts';
import type { Obligation } from '../../../../lib/domain/case/obligation.ts';
import { shardOf } from '../../../../lib/domain/case/obligation.ts';
import type { Write } from '../../../../lib/domain/transaction/write.ts';
import { freshCase, opened } from '../../../aws/rows.ts';
import { fresh } from '../../../aws/world.ts';
import { at, caseOf, credentialOf, fenceOf, now, obligationOf, rfc3339 } from '../../../domain/objects.ts';
import { type Cli, rescind, rescindJson, startCli } from '../../world.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await startCli();
});
beforeEach(() => cli.reset());
afterAll(() => cli.close());

const blocked = 'refused/alive revocation:collateral introspection:active';
const bank = (id: string): CredentialRef => ({ authority: authorityId('bank'), id: credentialId(id) });
const gate = (id: string): CredentialRef => ({ authority: authorityId('gate'), id: credentialId(id) });

const tallied = (of: Case, tally: Partial<Tally>): Write => ({
  kind: 'add-tally',
  case: of.id,
  shard: 0,
  tally,
});
const owed = (of: Case, ref: CredentialRef, over: Partial<Obligation> = {}): Write => {
  const obligation = obligationOf({ case: of.id, ...ref, shard: shardOf(ref, of.shards), ...over });
  return { kind: 'open-obligation', obligation };
};
const grown = (of: Case, ref: CredentialRef, over: Partial<Credential> = {}): Write => ({
  kind: 'add-credential',
  credential: credentialOf({
    ...ref,
    consent: { id: consentId(of.subject.id), generation: 1 },
    state: 'condemned',
    ...over,
  }),
});
const working = (over: Partial<Case> = {}): Case => freshCase({ state: 'working', cursors: 0, ...over });
const add = async (...writes: readonly Write[]): Promise<void> => {
  for (let start = 0; start < writes.length; start += 20) await cli.given(...writes.slice(start, start + 20));
};
const linesOf = async (...args: string[]) =>
  (await rescind('case', 'show', ...args)).stdout.trimEnd().split('\n');
/** Indentation and name of each listed credential. */
const outline = (lines: readonly string[]) =>
  lines.flatMap((line) => /^ *(?:bank|gate|hook)\/\S+/.exec(line)?.[0] ?? []);

describe('case show of a consent', () => {
  it('shows state, fence and counts, the tree of its obligations with their attempts, and what to do next', async () => {
    const of = working();
    const name = (id: string) => `${id}-${of.subject.id}`;
    const [rt, next, at1] = [bank(name('rt')), bank(name('rt-next')), gate(name('at'))];
    await add(
      opened(of),
      tallied(of, { planned: 4, dead: 1, draining: 1, open: 2, uncovered: 1 }),
      { kind: 'raise-fence', fence: fenceOf({ subject: of.subject as never, case: of.id }), from: null },
      grown(of, rt),
      grown(of, next, { replaces: rt }),
      grown(of, at1, { kind: 'access_token', parent: rt }),
      grown(of, bank(name('hook')), { kind: 'webhook' }),
      owed(of, rt, { attempts: 2, last: 'unconfirmed/alive revocation:timeout', dueAt: rfc3339(now + 7000) }),
      owed(of, next, { state: 'dead', attempts: 1, last: 'accepted/dead' }),
      owed(of, at1, { kind: 'access_token', state: 'draining', deadBy: rfc3339(now + 9000) }),
      owed(of, bank(name('hook')), { kind: 'webhook', uncovered: true, dueAt: rfc3339(now + 5000) }),
    );
    const { code, stdout } = await rescind('case', 'show', of.id);
    expect(code).toBe(0);
    const squeezed = stdout.replaceAll(/ {2,}(?=\S)/g, '  ').replaceAll(`-${of.subject.id}`, '');
    expect(squeezed).toBe(
      `case  ${of.id}
about  consent ${of.subject.id}, generation 1: it was withdrawn
state  working: its walk is finished; not done yet: 3 of 4 obligations
effect  ${at}  the fence was committed
fence  ${at}  generation 1, raised by ${of.id}
complete  not yet
counts  4 obligations = 1 dead + 1 draining + 0 waived + 2 open (1 uncovered)
next  1 obligation needs a person: the lines below the table say what to do
CREDENTIAL  KIND  STATE  ATTEMPTS  LAST ATTEMPT  NEXT ATTEMPT  ORIGIN
bank/hook  webhook  open  0  -  2026-01-31T09:30:05.000Z  issued
bank/rt  refresh_token  open  2  unconfirmed/alive revocation:timeout  2026-01-31T09:30:07.000Z  issued
  gate/at  access_token  draining until 2026-01-31T09:30:09.000Z  0  -  ${at}  exchanged
bank/rt-next  refresh_token  dead  1  accepted/dead  -  refreshed from bank/rt
draining: it cannot be revoked and ends at its expiry; workers look until it is proven dead
LAST ATTEMPT is outcome/verdict, then each place that was asked with its answer:
  unconfirmed/alive  a vantage point still sees it active: it is alive; workers try again
  accepted/dead  revoked, and proven dead
  revocation  the answer to the revocation, or why none was sent; the answer alone proves nothing
  timeout  no answer came in time

uncovered: no connector can kill a webhook yet. Remove it at bank by hand. This case stays open
  bank/hook
`.replaceAll(`-${of.subject.id}`, ''),
    );
    expect(await rescindJson('case', 'show', of.id)).toMatchObject({
      code: 0,
      result: {
        id: of.id,
        open: 2,
        fence: { generation: 1, at },
        followUp: null,
        obligations: [
          { kind: 'webhook', uncovered: true, grew: [] },
          {
            id: rt.id,
            attempts: 2,
            last: 'unconfirmed/alive revocation:timeout',
            grew: [{ authority: 'gate', state: 'draining', hangs: 'exchanged' }],
          },
          { id: next.id, state: 'dead', hangs: 'refreshed', of: { id: rt.id } },
        ],
        shared: [],
        notShown: { open: 0, ended: 0, passed: 0, shared: 0, deeper: 0 },
      },
    });
  });

  it('shows open obligations first if there are too many, and all open ones with --all-open', async () => {
    const of = working({ shards: 3 });
    const refs = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, n) => bank(`${prefix}-${1000 + n}`));
    await add(
      opened(of),
      tallied(of, { planned: 280, open: 120, draining: 10, dead: 150 }),
      ...refs('a-dead', 150).map((ref) => owed(of, ref, { state: 'dead' })),
      ...refs('b-open', 120).map((ref) => owed(of, ref)),
      ...refs('c-drains', 10).map((ref) => owed(of, ref, { state: 'draining' })),
    );
    const some = await linesOf(of.id);
    expect(outline(some)).toHaveLength(100);
    expect(outline(some).filter((name) => name.includes('dead'))).toEqual([]);
    expect(some).toContain(`and 30 more that are open: rescind case show ${of.id} --all-open`);
    expect(some).toContain(`and 150 more that are dead or waived: rescind ledger show --case ${of.id}`);
    const all = await linesOf(of.id, '--all-open');
    expect(outline(all)).toHaveLength(130);
    expect(all.filter((line) => line.includes('more'))).toHaveLength(1);
  });

  it('shows dead obligations in the room that the open ones leave', async () => {
    const of = working();
    await add(
      opened(of),
      tallied(of, { planned: 112, open: 2, dead: 110 }),
      ...Array.from({ length: 110 }, (_, n) => owed(of, bank(`dead-${1000 + n}`), { state: 'dead' })),
      owed(of, bank('open-1')),
      owed(of, bank('open-2')),
    );
    const names = outline(await linesOf(of.id));
    expect(names).toHaveLength(100);
    expect(names.slice(-2)).toEqual(['bank/open-1', 'bank/open-2']);
    expect(await linesOf(of.id)).toContain(
      `and 12 more that are dead or waived: rescind ledger show --case ${of.id}`,
    );
  });

  it('names the obligations that wait for an operator, what would end with them, and the command that decides it', async () => {
    const of = working();
    const grant = grantId(fresh('grant'));
    const other = { id: consentId(fresh('consent')), generation: 1 };
    const [waits, taken, theirs] = [bank(fresh('waits')), bank(fresh('taken')), bank(fresh('theirs'))];
    await add(
      opened(of),
      tallied(of, { planned: 2, open: 2 }),
      grown(of, waits, { grant }),
      grown(of, taken),
      grown(of, theirs, { grant, consent: other, state: 'live' }),
      grown(of, bank(fresh('gone')), { grant, consent: other, state: 'dead' }),
      owed(of, waits, { attempts: 1, last: blocked }),
      owed(of, taken, { attempts: 1, last: blocked, collateral: 'accepted' }),
    );
    const lines = await linesOf(of.id);
    expect(lines.slice(-3)).toEqual([
      'these wait for an operator: their revocation would also end live credentials outside this case, on the same grant',
      `  bank/${waits.id}  would end bank/${theirs.id} of ${other.id}@1`,
      `    rescind approve ${of.id} --credential bank/${waits.id} --reason '…'`,
    ]);
    const accepted = lines.findIndex((line) => line.startsWith('accepted: '));
    expect(lines.slice(accepted, accepted + 3)).toEqual([
      'accepted: an operator accepted the collateral of these. A worker revokes them at their next attempt',
      `  bank/${taken.id}`,
      '',
    ]);
    const { result } = await rescindJson('case', 'show', of.id);
    const { obligations } = result as { obligations: { id: string }[] };
    expect(obligations.find(({ id }) => id === waits.id)).toMatchObject({
      waitsForApproval: true,
      ends: [`credential/bank/${theirs.id}`],
    });
    expect(obligations.find(({ id }) => id === taken.id)).toMatchObject({ collateral: 'accepted' });
    expect(JSON.stringify(obligations.find(({ id }) => id === taken.id))).not.toContain('waitsForApproval');
  });

  it.each([
    [
      { kind: 'api_key', uncovered: true },
      'uncovered: no connector can kill an api_key yet. Remove it at gate by hand. This case stays open',
    ],
    [
      { kind: 'refresh_token', uncovered: true },
      'uncovered: nothing can kill these until the authority gate is registered (rescind register). Then a worker revokes them at their next attempt',
    ],
    [
      { kind: 'signing_key', client: clientId('acme-app'), uncovered: true },
      'uncovered: nothing can kill these until the authority gate and the client acme-app are registered (rescind register). Then a worker revokes them at their next attempt',
    ],
    [
      { last: 'refused/unknown revocation:no-handle' },
      'no-handle: it was announced without a handle, and a handle cannot be added later. Revoke it at gate by hand, or announce it under another id with a handle of its own. This case stays open',
    ],
    [
      { last: 'refused/unknown revocation:unknown-key' },
      expect.stringMatching(/^unknown-key: its handle was made with a key .* at gate by hand, or /),
    ],
    [
      { last: 'refused/unknown revocation:undecipherable' },
      expect.stringMatching(/^undecipherable: its handle does not open.* at gate by hand, or /),
    ],
    [
      { last: 'refused/unknown revocation:transplanted' },
      expect.stringMatching(/^transplanted: its handle was made for another.* at gate by hand, or /),
    ],
  ] as const)('says what a person can do about an obligation that stays open as %j', async (over, says) => {
    const of = working();
    const [one, two, done] = [gate(fresh('a')), gate(fresh('b')), gate(fresh('done'))];
    await add(
      opened(of),
      owed(of, one, over),
      owed(of, two, over),
      // a dead one needs no person
      owed(of, done, { ...over, state: 'dead' }),
    );
    expect((await linesOf(of.id)).slice(-4)).toEqual(['', says, `  gate/${one.id}`, `  gate/${two.id}`]);
  });

  it('shortens fingerprints in the table, and not in commands and notes', async () => {
    const of = working();
    const [key, rt] = [gate(`fp-${'0a'.repeat(32)}`), bank(`fp-${'1b'.repeat(32)}`)];
    await add(
      opened(of),
      owed(of, key, { kind: 'api_key', uncovered: true }),
      owed(of, rt, { last: blocked }),
    );
    const lines = await linesOf(of.id);
    expect(lines.filter((line) => /^(gate|bank)\/fp-\w{12}… /.test(line))).toHaveLength(2);
    expect(lines).toContain('an id that ends in … is shortened: --json prints it whole');
    expect(lines).toContain(`  gate/${key.id}`);
    expect(lines.at(-1)).toContain(` --credential bank/${rt.id} `);
  });

  it('names five of the credentials that would end, and counts the others', async () => {
    const of = working();
    const grant = grantId(fresh('grant'));
    const rt = bank(fresh('rt'));
    const neighbours = Array.from({ length: 8 }, (_, n) => bank(fresh(`n${n}`)));
    await add(
      opened(of),
      grown(of, rt, { grant }),
      ...neighbours.map((ref) => grown(of, ref, { grant, state: 'live', consent: undefined })),
      owed(of, rt, { last: blocked }),
    );
    const line = (await linesOf(of.id)).find((one) => one.includes('would end bank/')) ?? '';
    expect(line).toMatch(/ and 3 more$/);
    expect(neighbours.filter(({ id }) => line.includes(id))).toHaveLength(5);
  });

  it('lists shared credentials below the table, and those that were dead before in the table', async () => {
    const of = working();
    const [rt, old, below, shared] = [
      bank(fresh('rt')),
      bank(fresh('old')),
      bank(fresh('below')),
      gate(fresh('sh')),
    ];
    const serves = { id: consentId(fresh('consent')), generation: 4 };
    const noted = (ref: CredentialRef, over: object): Write => ({
      kind: 'note-credential',
      note: { case: of.id, shard: 0, ...ref, ...over } as never,
    });
    await add(
      opened(of),
      tallied(of, { planned: 2, open: 2 }),
      grown(of, rt),
      grown(of, old, { state: 'dead' }),
      grown(of, below, { parent: old, consent: undefined }),
      grown(of, shared, { parent: rt, consent: serves, state: 'live' }),
      owed(of, rt),
      owed(of, below),
      noted(old, { as: 'passed' }),
      noted(shared, { as: 'shared', serves }),
    );
    const lines = await linesOf(of.id);
    expect(outline(lines)).toEqual([
      `bank/${rt.id}`,
      `bank/${old.id}`,
      `  bank/${below.id}`,
      `  gate/${shared.id}`,
    ]);
    expect(lines.find((line) => line.startsWith(`bank/${old.id}`))).toMatch(/ refresh_token +dead before /);
    expect(lines.slice(-2)).toEqual([
      'these are shared, and not revoked: each serves another consent that was active when the walk found it',
      `  gate/${shared.id}  serves ${serves.id}@4`,
    ]);
    expect(await rescindJson('case', 'show', of.id)).toMatchObject({
      result: {
        obligations: [{ id: rt.id }, { id: old.id, state: 'passed', grew: [{ id: below.id }] }],
        shared: [{ authority: 'gate', id: shared.id, serves }],
      },
    });
  });

  it('lists a hundred shared credentials, and counts the others', async () => {
    const of = working();
    const serves = { id: consentId('standing'), generation: 1 };
    const note = (n: number): Write => ({
      kind: 'note-credential',
      note: { case: of.id, shard: 0, ...gate(`sh-${1000 + n}`), as: 'shared', serves },
    });
    await add(opened(of), ...Array.from({ length: 103 }, (_, n) => note(n)));
    const lines = await linesOf(of.id);
    expect(lines.filter((line) => line.includes('serves standing@1'))).toHaveLength(100);
    expect(lines.at(-1)).toBe('  and 3 more');
    const { result } = await rescindJson('case', 'show', of.id);
    expect((result as { shared: unknown[] }).shared).toHaveLength(100);
    expect(result).toMatchObject({ notShown: { shared: 3 } });
  });

  it('names the case before it and the one after it', async () => {
    const first = working({ state: 'closed', completeAt: at });
    const second = { ...first, round: 2, state: 'working', follows: first.id } as const;
    const id = caseIdOf(second);
    await add(opened(first), opened({ ...second, id }));
    expect(await linesOf(first.id)).toContain(`followed  by ${id}, which is working`);
    expect(await linesOf(id)).toContain(`follows   ${first.id}`);
    expect(await rescindJson('case', 'show', first.id)).toMatchObject({
      result: { followUp: { id, state: 'working' } },
    });
  });

  it('works without the tables of fences and of the registry, and says what it did not read', async () => {
    const of = working();
    await add(opened(of), owed(of, bank('rt-1'), { last: blocked }));
    vi.stubEnv('RESCIND_FENCES_TABLE', undefined);
    vi.stubEnv('RESCIND_REGISTRY_TABLE', undefined);
    const lines = await linesOf(of.id);
    expect(lines).toContain('fence     not read: set RESCIND_FENCES_TABLE');
    expect(lines).toContain('the tree was not read: set RESCIND_REGISTRY_TABLE');
    expect(lines.at(-1)).toBe(`    rescind approve ${of.id} --credential bank/rt-1 --reason '…'`);
    expect(lines.join('\n')).not.toMatch(/ORIGIN|issued/);
  });

  it('escapes ids that would act on the terminal', async () => {
    const of = working();
    const rt = bank('rt\u001b[2J\nbank/fake');
    const serves = { id: consentId('c\u202e'), generation: 1 };
    await add(
      opened(of),
      grown(of, rt, { grant: grantId('g\u0007') }),
      grown(of, bank('n\u009b2J'), { grant: grantId('g\u0007'), state: 'live' }),
      owed(of, rt, { last: `${blocked} \u001b[1m` }),
      {
        kind: 'note-credential',
        note: { case: of.id, shard: 0, ...gate('s\u2028'), as: 'shared', serves },
      },
    );
    const { stdout } = await rescind('case', 'show', of.id);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(stdout).toContain(String.raw`--credential 'bank/rt\u001b[2J\u000abank/fake'`);
    expect(stdout.match(/^bank\//gm)).toHaveLength(1);
    expect(await rescind('case', 'show', 'x\u001b[2J')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(String.raw`there is no case x\u001b[2J`) as string,
    });
  });
});

describe('case show of a partner or a credential', () => {
  it('lists the obligations by authority', async () => {
    const subject = { type: 'partner', id: partnerId(fresh('acme')) } as const;
    const of = caseOf({ kind: 'emergency-ordered', subject, state: 'working', cursors: 0, shards: 2 });
    const refs = [gate('k-1'), bank('rt-1'), gate('k-2'), bank('rt-2'), bank('rt-3')];
    await add(
      opened(of),
      tallied(of, { planned: 5, open: 4, dead: 1 }),
      ...refs.map((ref, n) => owed(of, ref, n === 1 ? { state: 'dead' } : {})),
    );
    const lines = await linesOf(of.id);
    const table = lines.slice(lines.findIndex((line) => line.startsWith('CREDENTIAL')) + 1);
    const firsts = table.map((line) => /^ *\S+/.exec(line)?.[0]);
    const [banks, gates] = [firsts.slice(1, 4), firsts.slice(5)];
    expect([firsts[0], firsts[4]]).toEqual(['bank', 'gate']);
    expect(new Set(banks)).toEqual(new Set(['  bank/rt-1', '  bank/rt-2', '  bank/rt-3']));
    expect(new Set(gates)).toEqual(new Set(['  gate/k-1', '  gate/k-2']));
  });

  it('of a credential has no fence', async () => {
    const subject = { type: 'credential', ...bank(fresh('rt')) } as const;
    const of = caseOf({ kind: 'credential-expired', subject });
    await add(opened(of));
    const lines = await linesOf(of.id);
    expect(lines).toContain('fence     -');
    expect(lines).toContain(`about     credential bank/${subject.id}, round 1: it expired`);
    expect(lines).toContain(`effect    ${of.effectAt}  the case was opened`);
  });
});
