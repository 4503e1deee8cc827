import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Case, Tally } from '../../lib/domain/case.ts';
import { authorityId, clientId, credentialId, partnerId } from '../../lib/domain/ids.ts';
import type { Obligation } from '../../lib/domain/obligation.ts';
import type { Client } from '../../lib/domain/rotation/client.ts';
import { at, caseOf, now, obligationOf, rfc3339 } from '../domain/objects.ts';
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
