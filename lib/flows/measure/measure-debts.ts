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
 * Reports metrics of everything that is alive and should be dead. Each run reports each metric, also where it is 0, so that a missing
 * value means that the measurement itself failed. Reads only.
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
    deps.log.warn('cases of an unknown regime count under the strictest regime', {
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
