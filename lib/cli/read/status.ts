import { indexRowsMax, waitingEventsMax } from '../../aws/dynamodb/open-work.ts';
import { sealedLedger } from '../../aws/dynamodb/ledger.ts';
import { addTallies } from '../../domain/case.ts';
import { dueShards, outboxShards, pendingShards } from '../../domain/limits.ts';
import { readCheckpoint } from '../../ledger/signed-checkpoint.ts';
import type { Report } from '../output.ts';
import { say } from '../printable.ts';
import { dynamo, openCases } from '../tables.ts';
import { given, type Variable } from '../variables.ts';
import { queueDepth } from './queue-depth.ts';

/** Each minute the chaser wakes what is due for a minute: what is due for longer than this, nobody works on. */
export const overdueMs = 300_000;

/** Markers of unsealed entries are counted up to this, in each shard. */
const unsealedMax = 1_000;

/** A count that stopped where it was bounded is a lower bound. */
interface Counted {
  readonly count: number;
  readonly whole: boolean;
}

/**
 * `rescind status`: one screen for three in the morning. Ends with 0 where nothing is alive that should be dead, as far as
 * could be seen; what was not counted to its end, or waits in Exhausted, may be alive.
 */
export async function showStatus(now: number): Promise<Report> {
  // first, and alone: what is missing in the environment is one error, not several
  const { work } = openCases();
  const [cases, events, ledger, rejected, exhausted] = await Promise.all([
    lookAtCases(now),
    work.waitingEvents(),
    lookAtLedger(),
    depthOf('RESCIND_REJECTED_QUEUE_URL'),
    depthOf('RESCIND_EXHAUSTED_QUEUE_URL'),
  ]);
  const { open, tally, listing, obligations, overdue, whole, oldest } = cases;
  const alive = tally.open + tally.draining;
  // counts and index agree but for a moment; where they do not for longer, one of them hides something
  const ok = alive === 0 && obligations === 0 && listing === 0 && whole && (exhausted ?? 0) === 0;
  const lines = [
    ok ? 'nothing is alive that should be dead' : 'NOT DONE: something may be alive that should be dead',
    say`cases      ${open} open${oldest ? `; the oldest since ${oldest.effectAt}: ${oldest.id}` : ''}`,
    `alive      ${alive} credentials: ${tally.open} open (${tally.uncovered} uncovered), ${tally.draining} draining${listing > 0 ? `; ${listing} cases still list theirs` : ''}`,
    `overdue    ${overdue} of ${obligations} in the index${overdue > 0 ? `  due for more than ${overdueMs / 60_000} minutes: look at chase-obligations and work-obligations` : ''}`,
    `outbox     ${countText(events)} events wait for the bus`,
    ...ledgerLines(ledger),
    depthLine('rejected', rejected, 'RESCIND_REJECTED_QUEUE_URL'),
    depthLine('exhausted', exhausted, 'RESCIND_EXHAUSTED_QUEUE_URL'),
    `read       ${whole ? 'all' : 'NOT ALL'} of the index, which lags; at most ${indexRowsMax * dueShards} rows, ${waitingEventsMax * outboxShards} events, ${unsealedMax * pendingShards} entries`,
  ];
  const result = {
    ok,
    cases: open,
    ...(oldest && { oldest: { id: oldest.id, effectAt: oldest.effectAt } }),
    ...{ open: tally.open, draining: tally.draining, uncovered: tally.uncovered, listing },
    ...{ obligations, overdue },
    ...{ events: events.count, ledger, rejected, exhausted, whole },
  };
  return { result, lines, ends: ok ? 'done' : 'checkFailed' };
}

async function lookAtCases(now: number) {
  const { work } = openCases();
  const { cases, obligations, overdue, whole } = await work.rows(new Date(now - overdueMs).toISOString());
  const open = (await work.counted(cases)).filter(({ case: { state } }) => state !== 'closed');
  const [oldest] = open.map((one) => one.case).toSorted((a, b) => (a.effectAt < b.effectAt ? -1 : 1));
  return {
    open: open.length,
    oldest,
    tally: addTallies(...open.map(({ tally }) => tally)),
    /** A case that still walks has credentials that nobody counted yet. */
    listing: open.filter(({ case: { state } }) => state !== 'working').length,
    obligations,
    overdue,
    whole,
  };
}

async function lookAtLedger() {
  const table = given('RESCIND_LEDGER_TABLE');
  if (table === undefined) return undefined;
  const { head, checkpoint, pending } = sealedLedger(dynamo(), table);
  const shards = await Promise.all(
    Array.from({ length: pendingShards }, (_, shard) => pending(shard, unsealedMax)),
  );
  const { size = 0 } = (await head()) ?? {};
  const jws = size > 0 ? await checkpoint(size) : undefined;
  const said = jws === undefined ? undefined : readCheckpoint(jws);
  return {
    waiting: {
      count: shards.reduce((sum, { length }) => sum + length, 0),
      whole: shards.every(({ length }) => length < unsealedMax),
    },
    size,
    checkpointAt: said?.time,
  };
}

function ledgerLines(ledger: Awaited<ReturnType<typeof lookAtLedger>>): string[] {
  if (!ledger) return ['ledger     not asked: set RESCIND_LEDGER_TABLE'];
  const { waiting, size, checkpointAt } = ledger;
  return [
    `ledger     ${countText(waiting)} entries wait for their seal`,
    say`checkpoint ${checkpointAt === undefined ? 'none yet' : `${size} entries, ${checkpointAt}`}`,
  ];
}

async function depthOf(name: Variable): Promise<number | undefined> {
  const url = given(name);
  return url === undefined ? undefined : queueDepth(url);
}

const countText = ({ count, whole }: Counted): string => `${count}${whole ? '' : ' or more'}`;

const depthLine = (name: string, depth: number | undefined, variable: Variable): string =>
  `${name.padEnd(10)} ${depth === undefined ? `not asked: set ${variable}` : `${depth} messages`}`;
