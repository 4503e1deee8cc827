import { indexRowsMax, waitingEventsMax } from '../../aws/dynamodb/readers/open-work.ts';
import { sealedLedger } from '../../aws/dynamodb/readers/ledger.ts';
import { dueShards, outboxShards, pendingShards } from '../../domain/limits.ts';
import type { Counted } from '../../domain/case/open-work.ts';
import {
  countDebts,
  type Debts,
  type LedgerDebts,
  overdueMs,
  unsealedMax,
} from '../../flows/measure/count-debts.ts';
import type { Report } from '../output.ts';
import { say } from '../printable.ts';
import { dynamo, openCases } from '../tables.ts';
import { given, type Variable } from '../variables.ts';
import { queueDepth } from './queue-depth.ts';

/**
 * `rescind status`: one screen for three in the morning. Ends with 0 where nothing is alive that should be dead, as far as
 * could be seen; what was not counted to its end, waits in Exhausted, or was refused, may be alive.
 */
export async function showStatus(now: number): Promise<Report> {
  // first, and alone: what is missing in the environment is one error, not several
  const { work, healthOf } = openCases();
  const table = given('RESCIND_LEDGER_TABLE');
  const [debts, rejected, exhausted] = await Promise.all([
    countDebts(now, {
      work,
      healthOf,
      ledger: table === undefined ? undefined : sealedLedger(dynamo(), table),
    }),
    depthOf('RESCIND_REJECTED_QUEUE_URL'),
    depthOf('RESCIND_EXHAUSTED_QUEUE_URL'),
  ]);
  const { open, tally, listing, obligations, overdue, failing, whole, events, ledger } = debts;
  const [oldest] = open;
  const alive = tally.open + tally.draining;
  // counts and index agree but for a moment; where they do not for longer, one of them hides something
  const ok =
    alive === 0 &&
    obligations === 0 &&
    listing === 0 &&
    whole &&
    (exhausted ?? 0) === 0 &&
    (rejected ?? 0) === 0;
  const lines = [
    ok ? 'nothing is alive that should be dead' : 'NOT DONE: something may be alive that should be dead',
    say`cases      ${open.length} open${oldest ? `; the oldest since ${oldest.effectAt}: ${oldest.id}` : ''}`,
    `alive      ${alive} credentials: ${tally.open} open (${tally.uncovered} uncovered), ${tally.draining} draining${listing > 0 ? `; ${listing} cases still list theirs` : ''}`,
    `overdue    ${overdue} of ${obligations} in the index${overdue > 0 ? `  due for more than ${overdueMs / 60_000} minutes: look at chase-obligations and work-obligations` : ''}`,
    ...failingLines(failing),
    `outbox     ${countText(events)} events wait for the bus`,
    ...ledgerLines(ledger),
    depthLine('rejected', rejected, 'RESCIND_REJECTED_QUEUE_URL'),
    depthLine('exhausted', exhausted, 'RESCIND_EXHAUSTED_QUEUE_URL'),
    `read       ${whole ? 'all' : 'NOT ALL'} of the index, which lags; at most ${indexRowsMax * dueShards} rows, ${waitingEventsMax * outboxShards} events, ${unsealedMax * pendingShards} entries`,
  ];
  const result = {
    ok,
    cases: open.length,
    ...(oldest && { oldest: { id: oldest.id, effectAt: oldest.effectAt } }),
    ...{ open: tally.open, draining: tally.draining, uncovered: tally.uncovered, listing },
    ...{ obligations, overdue },
    failing: [...failing].map(([authority, health]) => ({ authority, ...health })),
    ...{ events: events.count, ledger, rejected, exhausted, whole },
  };
  return { result, lines, ends: ok ? 'done' : 'checkFailed' };
}

/** One line for each authority that does not answer. */
const failingLines = (failing: Debts['failing']): string[] =>
  [...failing].map(
    ([authority, { failingSince, pausedUntil, because }]) =>
      say`authority  ${authority} does not answer since ${failingSince} (${because}); the next call is made after ${pausedUntil}`,
  );

function ledgerLines(ledger: LedgerDebts | undefined): string[] {
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
