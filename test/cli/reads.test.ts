import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Case, Tally } from '../../lib/domain/case.ts';
import { holdIdOf } from '../../lib/domain/emergency/hold.ts';
import { authorityId, clientId, consentId, credentialId, partnerId } from '../../lib/domain/ids.ts';
import type { Obligation } from '../../lib/domain/obligation.ts';
import type { Client } from '../../lib/domain/rotation/client.ts';
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
  it('is the open cases with their counts, the oldest first; --all has the closed ones too', async () => {
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
    expect(stderr).toBe('from an index that lags: a case of this moment may be missing\n');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^EFFECT +STATE +KIND +SUBJECT +PLANNED +DEAD +ALIVE +CASE$/);
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

describe('case show', () => {
  it('shows the fence and what is still alive, with its attempts and what came of the last', async () => {
    const of = freshCase({ state: 'working', cursors: 0 });
    const first = owed(of, 'rt-1');
    await cli.given(
      opened(of),
      tallied(of, { planned: 4, dead: 1, draining: 1, open: 2, uncovered: 1 }),
      first,
      owed(of, 'hook', { kind: 'webhook', uncovered: true, dueAt: rfc3339(now + 5000) }),
      owed(of, 'jwt', { kind: 'access_token', state: 'draining', deadBy: rfc3339(now + 9000) }),
      owed(of, 'gone', { state: 'dead' }),
      { kind: 'raise-fence', fence: fenceOf({ subject: of.subject as never, case: of.id }), from: null },
    );
    const to = { state: 'open', attempts: 1, dueAt: rfc3339(now + 7000), uncovered: false } as const;
    await cli.given({
      kind: 'settle-obligation',
      from: first.obligation,
      to: { ...to, last: 'unconfirmed/alive' },
    });
    const { code, stdout } = await rescind('case', 'show', of.id);
    expect(code).toBe(0);
    expect(stdout).toBe(`case      ${of.id}
state     working
effect    ${at}  fence committed
fence     ${at}  generation 1, raised by ${of.id}
complete  -
planned 4 = dead 1 + draining 1 + waived 0 + open 2 (uncovered 1)
CREDENTIAL  KIND           STATE                                    ATTEMPTS  LAST               NEXT TRY
bank/hook   webhook        open                                     0         -                  2026-01-31T09:30:05.000Z  uncovered: no connector kills it
bank/jwt    access_token   draining until 2026-01-31T09:30:09.000Z  0         -                  2026-01-31T09:30:00.000Z
bank/rt-1   refresh_token  open                                     1         unconfirmed/alive  2026-01-31T09:30:07.000Z
`);
    expect(await rescindJson('case', 'show', of.id)).toMatchObject({
      result: {
        id: of.id,
        open: 2,
        fence: { generation: 1, at },
        alive: [{ id: 'hook', uncovered: true }, { id: 'jwt' }, { id: 'rt-1', last: 'unconfirmed/alive' }],
        notShown: 0,
      },
    });
    vi.stubEnv('RESCIND_FENCES_TABLE', undefined);
    expect((await rescind('case', 'show', of.id)).stdout).toContain(
      'fence     not asked: set RESCIND_FENCES_TABLE',
    );
  });

  it('shows the first twenty, and all where all are asked for', async () => {
    const of = freshCase({ state: 'working', cursors: 0 });
    await cli.given(opened(of), tallied(of, { planned: 23, open: 23 }));
    await cli.given(...Array.from({ length: 23 }, (_, n) => owed(of, `rt-${n + 10}`)));
    const some = await rescind('case', 'show', of.id);
    expect(some.stdout.match(/bank\/rt-/g)).toHaveLength(20);
    expect(some.stdout).toContain(`and 3 more: rescind case show ${of.id} --all-open`);
    const all = await rescind('case', 'show', of.id, '--all-open');
    expect(all.stdout.match(/bank\/rt-/g)).toHaveLength(23);
    expect(all.stdout).not.toContain('more:');
  });

  it('of a case about a credential has no fence', async () => {
    const subject = {
      type: 'credential',
      authority: authorityId('bank'),
      id: credentialId(fresh('rt')),
    } as const;
    const of = caseOf({ kind: 'credential-expired', subject });
    await cli.given(opened(of));
    expect((await rescind('case', 'show', of.id)).stdout).toContain('fence     -\n');
  });

  it('of an id that acts on terminals shows it as it is', async () => {
    expect(await rescind('case', 'show', 'x\u001b[2J')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(String.raw`there is no case x\u001b[2J`) as string,
    });
  });
});

describe('inventory list', () => {
  const acme = partnerId(fresh('acme'));
  const consent = { id: consentId(fresh('consent')), generation: 2 };
  const holdOf = (subject: CaseSubject) => {
    const id = holdIdOf(subject, '01JHOLD');
    return { id, subject, state: 'held', reason: 'r', by: 'arn', at } as const;
  };
  const add = (name: string, over: object = {}) =>
    ({
      kind: 'add-credential',
      credential: credentialOf({
        id: credentialId(name),
        partner: acme,
        consent: undefined,
        handle: 'HANDLE',
        fingerprint: 'FINGERPRINT',
        ...over,
      }),
    }) as const;
  beforeAll(async () => {
    await cli.given(
      add('at-1', { consent, kind: 'access_token', expiresAt: '2026-02-01T00:00:00Z' }),
      add('rt-1', { consent }),
      add('rt-old', { consent: { ...consent, generation: 1 }, state: 'dead' }),
      add('rt-late', { consent: { ...consent, generation: 22 } }),
    );
    for (let start = 0; start < 120; start += 20)
      await cli.given(...Array.from({ length: 20 }, (_, n) => add(`key-${start + n}`, { kind: 'api_key' })));
  });
  const listed = async (...args: string[]) => {
    const { code, result, stderr } = await rescindJson('inventory', 'list', ...args);
    const { credentials, next } = result as {
      credentials: { id: string; held: boolean; heldBy: string[] }[];
      next?: string;
    };
    return { code, stderr, credentials, ids: credentials.map(({ id }) => id), next };
  };
  const ofConsent = ['--consent', `${consent.id}@2`];
  const ofPartner = ['--partner', acme];

  it('is what a consent holds in that generation, without what opens it', async () => {
    const { code, stdout, stderr } = await rescind('inventory', 'list', ...ofConsent);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout)
      .toBe(`CREDENTIAL  KIND           STATE  CONSENT${' '.repeat(consent.id.length - 5)}  EXPIRES               HELD
bank/at-1   access_token   live   ${consent.id}@2  2026-02-01T00:00:00Z
bank/rt-1   refresh_token  live   ${consent.id}@2  -
`);
    const { stdout: json } = await rescind('inventory', 'list', ...ofConsent, '--json');
    expect(json).not.toMatch(/HANDLE|FINGERPRINT/);
  });

  it('goes on where it ended, until each was listed once', async () => {
    const seen: string[] = [];
    let after: string[] = [];
    for (let pages = 0; ; pages += 1) {
      const { ids, next, stderr } = await listed(...ofPartner, '--limit', '50', ...after);
      seen.push(...ids);
      if (next === undefined) break;
      expect(ids).toHaveLength(50);
      expect(stderr).toBe(`there is more: --after ${next}\n`);
      after = ['--after', next];
      expect(pages).toBeLessThan(4);
    }
    expect(seen).toHaveLength(124);
    expect(new Set(seen).size).toBe(124);
  });

  it('is filtered by state and kind', async () => {
    expect((await listed(...ofPartner, '--state', 'dead')).ids).toEqual(['rt-old']);
    expect((await listed(...ofPartner, '--kind', 'access_token')).ids).toEqual(['at-1']);
    expect((await listed(...ofPartner, '--kind', 'webhook')).ids).toEqual([]);
    expect(await rescind('inventory', 'list', ...ofPartner, '--state', 'alive')).toMatchObject({ code: 2 });
  });

  it('says on what a hold stands', async () => {
    const held = async () => (await listed(...ofConsent)).credentials.map(({ heldBy }) => heldBy);
    expect(await held()).toEqual([[], []]);
    const ofCredential = holdOf({
      type: 'credential',
      authority: authorityId('bank'),
      id: credentialId('rt-1'),
    });
    await cli.given({ kind: 'place-hold', hold: ofCredential, after: null });
    expect(await held()).toEqual([[], ['credential']]);
    await cli.given(
      { kind: 'place-hold', hold: holdOf({ type: 'partner', id: acme }), after: null },
      { kind: 'place-hold', hold: holdOf({ type: 'consent', id: consent.id }), after: null },
      { kind: 'lift-hold', hold: ofCredential, by: 'arn-2', at },
    );
    expect(await held()).toEqual([
      ['partner', 'consent'],
      ['partner', 'consent'],
    ]);
  });

  it('takes a token of the same list only', async () => {
    const { next = '' } = await listed(...ofPartner, '--limit', '1');
    for (const args of [
      [...ofConsent, '--after', next],
      [...ofPartner, '--after', 'nonsense'],
      [...ofPartner, '--after', Buffer.from('{}').toString('base64url')],
    ])
      expect(await rescind('inventory', 'list', ...args)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('is no token of a list of') as string,
      });
  });

  it.each([
    [[]],
    [['--partner', 'a', '--consent', 'b@1']],
    [['--consent', 'b']],
    [['--partner', 'a', '--limit', '0']],
    [['--partner', 'a', '--limit', '1001']],
  ])('of %j is a mistake', async (args) => {
    expect(await rescind('inventory', 'list', ...args)).toMatchObject({ code: 2, stdout: '' });
  });

  it('of nobody is empty', async () => {
    expect(await rescind('inventory', 'list', '--partner', 'nobody')).toEqual({
      code: 0,
      stdout: 'no credential\n',
      stderr: '',
    });
  });
});

describe('rotation show', () => {
  const client: Client = {
    id: clientId(fresh('app')),
    revision: 2,
    partner: partnerId('acme'),
    authority: authorityId('bank'),
    strategy: 'private-key-jwt',
    clientId: 'acme',
    registrationUri: 'https://bank.example/reg/acme',
    keyId: credentialId('key-1'),
    overlapSeconds: 3_600,
    everySeconds: 86_400,
  };

  it('says how the client is registered and where its rotation stands', async () => {
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
    expect(stdout).toContain('rotation  number 3, overlap\npromoted  key-4\nother     key-3\n');
    expect(await rescindJson('rotation', 'show', client.id)).toMatchObject({ result: { client, rotation } });
  });

  it('of an unknown client says so', async () => {
    expect(await rescind('rotation', 'show', 'nobody')).toMatchObject({ code: 1, stdout: '' });
  });
});
