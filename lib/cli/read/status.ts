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
import { rfc3339 } from '../../flows/flow.ts';
import { counted } from '../counts.ts';
import type { Report } from '../output.ts';
import { say, shell } from '../printable.ts';
import { dynamo, openCases } from '../tables.ts';
import { given, type Variable } from '../variables.ts';
import { sentenceOf } from './explain-attempts.ts';
import { queueDepth } from './queue-depth.ts';

/**
 * `rescind status`: one screen for an on-call engineer. Ends with 0 if no credential is alive that should be dead, as far as was read.
 * Anything that was not counted to its end, waits in Exhausted, or was refused counts as alive.
 */
export async function showStatus(now: number): Promise<Report> {
  // opened first and alone, so that a missing variable is reported once
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
  const doubts = doubtsIn(debts, { rejected, exhausted });
  const ok = doubts.length === 0;
  const lines = [
    ok
      ? 'DONE: no credential is alive that should be dead, as far as was read'
      : `NOT DONE: ${doubts.join('; ')}`,
    `cases      ${open.length} open${oldest ? `; the oldest since ${oldest.effectAt}: ${shell('rescind', 'case', 'show', oldest.id)}` : ''}`,
    `alive      ${counted(alive, 'credential')} not proven dead: ${tally.open} open (${tally.uncovered} uncovered), ${tally.draining} draining${uncoveredText(tally.uncovered)}`,
    `overdue    ${overdue} of ${counted(obligations, 'obligation')}${overdue > 0 ? `, for more than ${overdueMs / 60_000} minutes: no worker comes to them, read the logs of chase-obligations and work-obligations` : ''}`,
    ...failingLines(failing),
    `outbox     ${countText(events, 'event')} to be sent to the bus${events.count > 0 ? '; send-events sends them each minute' : ''}`,
    ...ledgerLines(ledger),
    queueLine('rejected', rejected, {
      variable: 'RESCIND_REJECTED_QUEUE_URL',
      holds: 'refused announcement',
      todo: 'a withdrawal may be among them; read the reasons in the queue Rejected or the log of take-signal',
    }),
    queueLine('exhausted', exhausted, {
      variable: 'RESCIND_EXHAUSTED_QUEUE_URL',
      holds: 'dead-lettered message',
      todo: 'a withdrawal may be among them; return-exhausted requeues announcements each minute, read its log if they stay',
    }),
    `read       ${whole ? 'the whole index, which lags by seconds' : 'NOT the whole index: more obligations may be open'}; at most ${indexRowsMax * dueShards} rows, ${waitingEventsMax * outboxShards} events, ${unsealedMax * pendingShards} entries are read`,
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
      say`authority  ${authority} has not answered since ${failingSince}: ${because}${explained(because)}; the next call is made after ${pausedUntil}`,
  );

function explained(code: string): string {
  const sentence = sentenceOf(code);
  return sentence === undefined ? '' : `, ${sentence}`;
}

interface Depths {
  readonly rejected: number | undefined;
  readonly exhausted: number | undefined;
}

/** The reasons why a credential may be alive that should be dead. */
function doubtsIn(debts: Debts, { rejected = 0, exhausted = 0 }: Depths): string[] {
  const { tally, listing, obligations, whole } = debts;
  const alive = tally.open + tally.draining;
  return [
    ...(alive > 0 ? [`${counted(alive, 'credential')} not proven dead`] : []),
    // counts and index differ for a moment only; if they differ for longer, one of them hides something
    ...(alive === 0 && obligations > 0
      ? [`${counted(obligations, 'obligation')} in the index that no open case counts`]
      : []),
    ...(listing > 0 ? [`${counted(listing, 'case')} whose walk still lists credentials`] : []),
    ...(whole ? [] : ['the index was not read to its end']),
    ...(exhausted > 0 ? [`${counted(exhausted, 'message')} in Exhausted`] : []),
    ...(rejected > 0 ? [`${counted(rejected, 'announcement')} in Rejected`] : []),
  ];
}

const uncoveredText = (uncovered: number): string =>
  uncovered > 0 ? '; no connector can kill an uncovered one, rescind case show says what to do' : '';

function ledgerLines(ledger: LedgerDebts | undefined): string[] {
  if (!ledger) return ['ledger     not read: set RESCIND_LEDGER_TABLE'];
  const { waiting, waitingSince, size, checkpointAt } = ledger;
  return [
    `ledger     ${countText(waiting, 'entry', 'entries')} to be sealed${waitingSince === undefined ? '' : `, the oldest since ${rfc3339(waitingSince)}; seal-ledger seals them each minute`}`,
    say`checkpoint ${checkpointAt === undefined ? 'none yet' : `the last one at ${checkpointAt}, over ${size} entries`}`,
  ];
}

async function depthOf(name: Variable): Promise<number | undefined> {
  const url = given(name);
  return url === undefined ? undefined : queueDepth(url);
}

const countText = ({ count, whole }: Counted, one: string, many = `${one}s`): string =>
  `${count}${whole ? '' : ' or more'} ${count === 1 && whole ? one : many}`;

function queueLine(
  name: keyof Depths,
  depth: number | undefined,
  about: { readonly variable: Variable; readonly holds: string; readonly todo: string },
): string {
  const says =
    depth === undefined
      ? `not read: set ${about.variable}`
      : `${counted(depth, about.holds)}${depth > 0 ? `: ${about.todo}` : ''}`;
  return `${name.padEnd(10)} ${says}`;
}
