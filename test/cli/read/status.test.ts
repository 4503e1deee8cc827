import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { showStatus } from '../../../lib/cli/read/status.ts';
import { turns } from '../../../lib/aws/dynamodb/readers/turns.ts';
import { authorityId, credentialId, entryId } from '../../../lib/domain/ids.ts';
import { at, now, obligationOf, rfc3339 } from '../../domain/objects.ts';
import { freshCase, opened } from '../../aws/rows.ts';
import { fresh, tables } from '../../aws/world.ts';
import { type Cli, rescind, startCli } from '../world.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await startCli();
});
beforeEach(() => cli.reset());
afterAll(() => cli.close());

const look = async () => {
  const { result, lines, ends } = await showStatus(now);
  return { result, text: lines.join('\n'), ends };
};

describe('status', () => {
  it('of an empty system is done, and says what was not read', async () => {
    vi.stubEnv('RESCIND_LEDGER_TABLE', undefined);
    expect(await rescind('status')).toEqual({
      code: 0,
      stderr: '',
      stdout: `DONE: no credential is alive that should be dead, as far as was read
cases      0 open
alive      0 credentials not proven dead: 0 open (0 uncovered), 0 draining
overdue    0 of 0 obligations
outbox     0 events to be sent to the bus
ledger     not read: set RESCIND_LEDGER_TABLE
rejected   not read: set RESCIND_REJECTED_QUEUE_URL
exhausted  not read: set RESCIND_EXHAUSTED_QUEUE_URL
read       the whole index, which lags by seconds; at most 40000 rows, 4000 events, 8000 entries are read
`,
    });
  });

  it('is not done while messages are in Exhausted or Rejected: a withdrawal may be among them', async () => {
    const rejected = cli.sqs.createQueue({ name: 'Rejected' });
    const exhausted = cli.sqs.createQueue({ name: 'Exhausted' });
    vi.stubEnv('RESCIND_REJECTED_QUEUE_URL', rejected.url);
    vi.stubEnv('RESCIND_EXHAUSTED_QUEUE_URL', exhausted.url);
    cli.sqs.send(rejected.arn, '{}');
    const refused = await look();
    expect(refused).toMatchObject({ result: { ok: false, rejected: 1, exhausted: 0 }, ends: 'checkFailed' });
    expect(refused.text).toMatch(/^NOT DONE: 1 announcement in Rejected\n/);
    expect(refused.text).toContain('rejected   1 refused announcement: a withdrawal may be among them; ');
    expect(refused.text).toContain('exhausted  0 dead-lettered messages\n');
    cli.sqs.send(exhausted.arn, '{}');
    expect(await look()).toMatchObject({ result: { ok: false, exhausted: 1 }, ends: 'checkFailed' });
    vi.stubEnv('RESCIND_EXHAUSTED_QUEUE_URL', `${exhausted.url}-2`);
    expect(await rescind('status')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no such queue') as string,
    });
  });

  it('counts events that wait and entries without a seal, and prints the last checkpoint', async () => {
    const event = {
      type: 'Credential Revoked',
      detail: { case: freshCase().id, credentials: [], at },
    } as const;
    await cli.given(
      { kind: 'queue-event', event: { id: 'event-1', ...event } },
      { kind: 'queue-event', event: { id: 'event-2', ...event } },
      {
        kind: 'append-entry',
        entry: {
          version: 1,
          id: entryId('01J'),
          kind: 'granted',
          at,
          subject: 'case/c',
          changes: [],
          facts: {},
        },
      },
    );
    const { result, text, ends } = await look();
    expect(result).toMatchObject({ events: 2, ledger: { waiting: { count: 1, whole: true }, size: 0 } });
    expect(text).toContain('outbox     2 events to be sent to the bus; send-events sends them each minute\n');
    expect(text).toContain('ledger     1 entry to be sealed\n');
    expect(text).toContain('checkpoint none yet');
    expect(ends).toBe('done');
  });

  it('is not done while a walk lists credentials, or one of them is alive', async () => {
    const [listing, working] = [
      freshCase({ effectAt: rfc3339(now - 5000) }),
      freshCase({ effectAt: rfc3339(now - 9000), state: 'working', cursors: 0 }),
    ];
    await cli.given(opened(listing));
    expect(await look()).toMatchObject({
      result: { ok: false, cases: 1, listing: 1, open: 0, oldest: { id: listing.id } },
      ends: 'checkFailed',
    });
    const owed = (name: string, dueAt: number) =>
      ({
        kind: 'open-obligation',
        obligation: obligationOf({ case: working.id, id: credentialId(name), dueAt: rfc3339(dueAt) }),
      }) as const;
    await cli.given(
      opened(working),
      {
        kind: 'add-tally',
        case: working.id,
        shard: 0,
        tally: { planned: 3, open: 2, draining: 1, uncovered: 1 },
      },
      owed('late', now - 300_001),
      owed('due', now - 60_000),
    );
    const { result, text, ends } = await look();
    expect(result).toMatchObject({
      ok: false,
      cases: 2,
      oldest: { id: working.id },
      open: 2,
      draining: 1,
      uncovered: 1,
      overdue: 1,
      whole: true,
    });
    expect(ends).toBe('checkFailed');
    expect(text).toMatch(
      /^NOT DONE: 3 credentials not proven dead; 1 case whose walk still lists credentials\n/,
    );
    expect(text).toContain(
      `cases      2 open; the oldest since ${rfc3339(now - 9000)}: rescind case show ${working.id}\n`,
    );
    expect(text).toContain(
      'alive      3 credentials not proven dead: 2 open (1 uncovered), 1 draining; no connector can kill an uncovered one, rescind case show says what to do\n',
    );
    expect(text).toContain('overdue    1 of 2 obligations, for more than 5 minutes: no worker comes to them');
    expect((await rescind('status')).code).toBe(1);
  });

  it('is not done while the index has an obligation that no open case counts', async () => {
    const world = await startCli();
    const { id } = freshCase();
    await world.given({ kind: 'open-obligation', obligation: obligationOf({ case: id }) });
    const { result, text } = await look();
    expect(result).toMatchObject({ ok: false, cases: 0, open: 0, obligations: 1 });
    expect(text).toMatch(/^NOT DONE: 1 obligation in the index that no open case counts\n/);
    await world.close();
  });

  it('names an authority that does not answer, since when, why, and when the next call is made', async () => {
    const authority = authorityId(fresh('bank'));
    const owed = freshCase();
    await cli.given(opened(owed), {
      kind: 'open-obligation',
      obligation: obligationOf({ case: owed.id, authority, id: credentialId('rt') }),
    });
    const clock = { now: () => now, newId: () => fresh('worker'), rfc3339 };
    const chunk = { case: owed.id, shard: 0, authority };
    const taken = await turns(cli.client, tables.cases, clock).turns.take(chunk, now + 40_000);
    const health = {
      failingSince: '2026-01-01T00:00:00.000Z',
      pausedUntil: '2026-01-01T00:03:00.000Z',
      pauses: 1,
      because: 'http-503',
    };
    if (taken.kind === 'taken') await taken.release(health);
    const { result, text } = await look();
    expect(result).toMatchObject({ ok: false, failing: [{ authority, ...health }] });
    expect(text).toContain(
      `authority  ${authority} has not answered since 2026-01-01T00:00:00.000Z: http-503, the answer had the HTTP status 503; the next call is made after 2026-01-01T00:03:00.000Z`,
    );
  });
});
