import type { Targets } from '../../wire/environment.ts';
import type { Log, Measure } from '../flow.ts';
import { countDebts, type CountDebts, type Debts } from './count-debts.ts';
import { findRegimes, type FindRegimes } from './find-regimes.ts';
import { strictestOf, weighRegimes } from './weigh-regimes.ts';

export interface MeasureDebts extends CountDebts, FindRegimes {
  readonly targets: Targets;
  readonly measure: Measure;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Tells in numbers whether anything is alive that should be dead. Every number is told at every run, 0 where there is nothing, so
 * that silence means that nobody measures. Reads only.
 */
export async function measureDebts(deps: MeasureDebts): Promise<void> {
  const now = deps.now();
  const debts = await countDebts(now, deps);
  const regimes = await findRegimes(debts.open, deps);
  const open = debts.open.map((of, index) => ({ case: of, regime: regimes[index] }));
  const { weights, assumed } = weighRegimes(open, deps.targets, now);
  for (const [regime, { oldestSeconds, overTarget }] of weights) {
    deps.measure('OldestOpenSeconds', oldestSeconds, regime);
    deps.measure('OverTarget', overTarget, regime);
  }
  tell(debts, now, deps.measure);
  if (assumed > 0)
    deps.log.warn('cases whose regime is not known count under the strictest', {
      cases: assumed,
      regime: strictestOf(deps.targets),
    });
}

function tell(
  { open, tally, overdue, failing, events, ledger, whole }: Debts,
  now: number,
  measure: Measure,
): void {
  measure('OpenCases', open.length);
  measure('AliveCredentials', tally.open + tally.draining);
  measure('UncoveredCredentials', tally.uncovered);
  measure('OverdueObligations', overdue);
  measure('FailingAuthorities', failing.size);
  measure('WaitingEvents', events.count);
  measure('CountedAll', whole && events.whole && (ledger?.waiting.whole ?? true) ? 1 : 0);
  if (!ledger) return;
  measure('UnsealedEntries', ledger.waiting.count);
  measure('OldestUnsealedSeconds', secondsSince(ledger.waitingSince ?? now, now));
  if (ledger.checkpointAt !== undefined)
    measure('CheckpointAgeSeconds', secondsSince(Date.parse(ledger.checkpointAt), now));
}

const secondsSince = (time: number, now: number): number => Math.max(0, Math.floor((now - time) / 1000));
