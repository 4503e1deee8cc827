import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Case, caseIdOf, type Tally } from '../../lib/domain/case/case.ts';
import { holdIdOf } from '../../lib/domain/emergency/hold.ts';
import { authorityId, clientId, consentId, credentialId, entryId, partnerId } from '../../lib/domain/ids.ts';
import type { Obligation } from '../../lib/domain/case/obligation.ts';
import type { Client } from '../../lib/domain/rotation/client.ts';
import type { Entry } from '../../lib/domain/transaction/entry.ts';
import type { CaseSubject } from '../../lib/domain/subject.ts';
import { at, caseOf, credentialOf, fenceOf, now, obligationOf, rfc3339 } from '../domain/objects.ts';
import { freshCase, opened } from '../aws/rows.ts';
import { fresh } from '../aws/world.ts';
import { type Cli, rescind, rescindJson, startCli } from './world.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await startCli();
});
beforeEach(() => cli.reset());
afterAll(() => cli.close());

const tallied = (of: Case, tally: Partial<Tally>) =>
  ({ kind: 'add-tally', case: of.id, shard: 0, tally }) as const;
const owed = (of: Case, name: string, over: Partial<Obligation> = {}) => {
  const obligation = obligationOf({ case: of.id, id: credentialId(name), ...over });
  return { kind: 'open-obligation', obligation } as const;
};

describe('case list', () => {
  it('lists the open cases with their counts, oldest first; --all lists closed ones too', async () => {
    const [young, old] = [
      freshCase({ effectAt: rfc3339(now) }),
      freshCase({ effectAt: rfc3339(now - 1000) }),
    ];
    const closed = freshCase({ effectAt: rfc3339(now - 2000), state: 'working', cursors: 0 });
    const acme = { type: 'partner', id: partnerId(fresh('acme')) } as const;
    const cutOff = caseOf({ kind: 'emergency-ordered', subject: acme, effectAt: rfc3339(now + 1000) });
    await cli.given(opened(young), opened(old), opened(closed), opened(cutOff));
    await cli.given(
      tallied(young, { planned: 5, dead: 2, open: 2, draining: 1, uncovered: 1 }),
      owed(young, 'rt-1'),
      {
        kind: 'move-case',
        case: closed.id,
        from: { state: 'working', cursors: 0 },
        to: { state: 'closed', cursors: 0 },
        completeAt: at,
      },
    );
    const mine = [old, young, cutOff].map(({ id }) => id);
    const { code, stdout, stderr } = await rescind('case', 'list');
    expect(code).toBe(0);
    expect(stderr).toBe('read from an index that lags: a case of the last seconds may be missing\n');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^EFFECT +STATE +KIND +SUBJECT +OBLIGATIONS +DEAD +ALIVE +CASE$/);
    expect(
      lines.map((line) => line.split(/ +/).at(-1)).filter((id) => mine.some((one) => one === id)),
    ).toEqual(mine);
    expect(stdout).toMatch(new RegExp(`open +consent-withdrawn +consent ${young.subject.id} +5 +2 +3 `));
    expect(stdout).toContain(`partner ${acme.id}`);
    expect(stdout).not.toContain(closed.id);

    const all = await rescindJson('case', 'list', '--all');
    expect(all).toMatchObject({ code: 0, stderr: '', result: { whole: true } });
    const listed = (all.result as { cases: { id: string; state: string }[] }).cases.map(({ id }) => id);
    expect(listed.filter((id) => [closed.id, ...mine].some((one) => one === id))).toEqual([
      closed.id,
      ...mine,
    ]);
  });
});

describe('rotation show', () => {
  const client: Client = {
    id: clientId(fresh('app')),
    revision: 2,
    partner: partnerId(fresh('acme')),
    authority: authorityId('bank'),
    strategy: 'private-key-jwt',
    clientId: 'acme',
    registrationUri: 'https://bank.example/reg/acme',
    keyId: credentialId('key-1'),
    overlapSeconds: 3_600,
    everySeconds: 86_400,
  };

  it('shows the registration of the client and the state of its rotation', async () => {
    await cli.given({ kind: 'register-client', client, from: null });
    expect(await rescindJson('rotation', 'show', client.id)).toMatchObject({
      code: 0,
      result: { rotation: null },
    });
    const rotation = {
      client: client.id,
      number: 3,
      state: 'overlap',
      current: credentialId('key-4'),
      other: credentialId('key-3'),
      dueAt: at,
    } as const;
    await cli.given({ kind: 'move-rotation', from: null, to: rotation });
    const { code, stdout } = await rescind('rotation', 'show', client.id);
    expect(code).toBe(0);
    expect(stdout).toContain(`client    ${client.id}  revision 2\n`);
    expect(stdout).toContain(
      'rotation  number 3, overlap: the other key is the old one; both keys work\ncurrent   key-4\nother     key-3\n',
    );
    expect(await rescindJson('rotation', 'show', client.id)).toMatchObject({ result: { client, rotation } });
  });

  it('shows what stops the rotation: a hold, a cut-off', async () => {
    const stops = async () =>
      (await rescind('rotation', 'show', client.id)).stdout
        .split('\n')
        .filter((line) => /^(held|cut off) /.test(line));
    const { partner: id } = client;
    expect(await stops()).toEqual(['held      -', 'cut off   -']);
    const hold = (subject: CaseSubject, lifted = false) => {
      const placed = {
        id: holdIdOf(subject, '01JHOLD'),
        subject,
        state: 'held',
        reason: 'r',
        by: 'arn',
        at,
      } as const;
      return lifted
        ? ({ kind: 'lift-hold', hold: placed, by: 'arn-2', at } as const)
        : ({ kind: 'place-hold', hold: placed, after: null } as const);
    };
    const key = { type: 'credential', authority: client.authority, id: credentialId('key-4') } as const;
    await cli.given(hold(key));
    expect(await stops()).toEqual([
      `held      credential bank/key-4, since ${at}: the rotation takes no step until credential/bank:key-4/01JHOLD is lifted (rescind reinstate)`,
      'cut off   -',
    ]);
    await cli.given(hold(key, true), hold({ type: 'partner', id }));
    expect((await stops())[0]).toContain(`held      partner ${id}, since ${at}: `);
    const fence = fenceOf({ subject: { type: 'partner', id } });
    await cli.given(
      { kind: 'register-partner', partner: { id, name: 'Acme', revision: 1 }, from: null },
      { kind: 'raise-fence', fence, from: null },
    );
    expect((await stops())[1]).toBe(
      `cut off   ${at}  the partner, by ${fence.case}: its keys are revoked, and no rotation continues`,
    );
    expect(await rescindJson('rotation', 'show', client.id)).toMatchObject({
      result: { hold: { subject: { id } }, cutOff: { case: fence.case } },
    });
    vi.stubEnv('RESCIND_FENCES_TABLE', undefined);
    expect(await stops()).toEqual(['held      not read: set RESCIND_FENCES_TABLE']);
  });

  it('of an unknown client says so', async () => {
    expect(await rescind('rotation', 'show', 'nobody')).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('ledger show', () => {
  const entry = (over: Partial<Entry>) =>
    ({
      kind: 'append-entry',
      entry: {
        version: 1,
        id: entryId(fresh('entry')),
        kind: 'probed',
        at,
        subject: `case/${over.case}`,
        changes: [],
        facts: {},
        ...over,
      },
    }) as const;

  it('names the credentials of attempts and approvals, and explains outcome and verdict', async () => {
    const of = freshCase();
    const attempt = (id: string, verdict: string) => ({
      credential: `credential/bank/${id}`,
      attempt: 1,
      outcome: 'unconfirmed',
      verdict,
    });
    await cli.given(
      entry({
        id: entryId('01A'),
        case: of.id,
        facts: { attempts: [attempt('rt-1', 'alive'), attempt('rt-2', 'unknown')] },
      }),
      entry({
        id: entryId('01B'),
        kind: 'approved',
        case: of.id,
        facts: {
          credential: 'credential/bank/rt-1',
          by: 'arn:alice',
          reason: 'known',
          count: 3,
          ends: ['credential/bank/rt-8', 'credential/bank/rt-9'],
        },
      }),
    );
    expect(await rescind('ledger', 'show', '--case', of.id)).toEqual({
      code: 0,
      stderr: '',
      stdout: `${at}  probed     01A
    credential/bank/rt-1: unconfirmed/alive
    credential/bank/rt-2: unconfirmed/unknown
${at}  approved   01B
    by arn:alice: known
    of credential/bank/rt-1
    ends with it: 3
      credential/bank/rt-8
      credential/bank/rt-9
      and 1 more
the attempts at credentials are shown as outcome/verdict:
  unconfirmed/alive    a vantage point still sees it active: it is alive; workers try again
  unconfirmed/unknown  nothing shows it active and nothing proves it dead: it counts as alive; workers try again
`,
    });
  });

  it('of a credential names the cases with further entries, each once', async () => {
    const id = credentialId(fresh('rt'));
    const [listed, condemned] = [freshCase().id, freshCase().id];
    const subject = `credential/bank/${id}`;
    const credential = credentialOf({ id, state: 'condemned', condemnedBy: condemned });
    await cli.given(
      { kind: 'add-credential', credential },
      entry({ kind: 'issued', subject, facts: { shared: [listed] } }),
      entry({ kind: 'held', subject, case: condemned }),
    );
    const show = async () => (await rescind('ledger', 'show', '--credential', `bank/${id}`)).stdout;
    const seeing = (text: string) => text.split('\n').filter((line) => line.startsWith('see also'));
    expect(seeing(await show()).toSorted()).toEqual(
      [listed, condemned].map((one) => `see also  rescind ledger show --case ${one}`).toSorted(),
    );
  });

  it('of a consent or a partner names the case that fenced it, if the environment names that table', async () => {
    const consent = { id: consentId(fresh('consent')), generation: 2 };
    const partner = partnerId(fresh('acme'));
    const fence = fenceOf({ subject: { type: 'consent', id: consent.id }, generation: 2 });
    const cutOff = fenceOf({ subject: { type: 'partner', id: partner } });
    await cli.given(
      { kind: 'raise-fence', fence, from: null },
      { kind: 'raise-fence', fence: cutOff, from: null },
      entry({ kind: 'granted', subject: `consent/${consent.id}@2` }),
      entry({ kind: 'granted', subject: `consent/${consent.id}@3` }),
      entry({ kind: 'registered', subject: `partner/${partner}` }),
    );
    const last = async (...args: string[]) =>
      (await rescind('ledger', 'show', ...args)).stdout.trimEnd().split('\n').at(-1);
    expect(await last('--consent', `${consent.id}@2`)).toBe(
      `see also  rescind ledger show --case ${fence.case}`,
    );
    expect(await last('--partner', partner)).toBe(`see also  rescind ledger show --case ${cutOff.case}`);
    // a fence counts for its generation and those before it
    expect(await last('--consent', `${consent.id}@3`)).toContain('granted');
    vi.stubEnv('RESCIND_FENCES_TABLE', undefined);
    expect(await last('--consent', `${consent.id}@2`)).toContain('granted');
  });

  it('of a client names the cases in which its keys ended', async () => {
    const client = fresh('app');
    const [old, current] = [credentialId(fresh('kid/1')), credentialId(fresh('kid'))];
    const subject = { type: 'credential', authority: authorityId('bank'), id: old } as const;
    const retired = caseIdOf({ kind: 'secret-retired', subject, generation: 1, round: 1 });
    const condemned = freshCase().id;
    const keyed = (id: string) => ({
      kind: 'issued' as const,
      subject: `client/${client}`,
      changes: [{ item: `credential/bank/${encodeURIComponent(id)}`, from: null, to: 'live' }],
    });
    await cli.given(
      {
        kind: 'add-credential',
        credential: credentialOf({ id: old, state: 'dead', condemnedBy: condemned }),
      },
      { kind: 'add-credential', credential: credentialOf({ id: current }) },
      entry({ kind: 'retired', case: retired }),
      entry(keyed(old)),
      entry(keyed(current)),
    );
    const { stdout } = await rescind('ledger', 'show', '--client', client);
    expect(stdout.match(/^see also .*$/gm)).toEqual(
      [retired, condemned].map((one) => `see also  rescind ledger show --case ${one}`),
    );
  });

  it('names twenty cases, and counts the others', async () => {
    const subject = `partner/${fresh('acme')}`;
    const shared = Array.from({ length: 23 }, (_, n) => `consent-withdrawn/c/${n + 1}/1`);
    await cli.given(entry({ kind: 'issued', subject, facts: { shared } }));
    const { stdout } = await rescind('ledger', 'show', '--partner', subject.slice('partner/'.length));
    expect(stdout.match(/^see also /gm)).toHaveLength(20);
    expect(stdout).toMatch(/\n {10}and 3 more cases: --json names them all\n$/);
  });
});
