import { playExpiry } from './acts/expiry.ts';
import { playLedger } from './acts/ledger.ts';
import { playWithdrawal } from './acts/withdrawal.ts';
import type { AtRest } from './case-at-rest.ts';
import { Claims } from './claims.ts';
import type { Stage } from './stage.ts';
import type { CaseSummary, Summary } from './summary.ts';
import type { Timeline } from './timeline.ts';
import { openAccounts } from './wallet.ts';

/**
 * Plays the acts and checks each claim by real calls: to the bank's server, to the tables, and against what the
 * local cloud's recorder saw. `patienceMs`: how long a case may take to close.
 */
export async function play(stage: Stage, timeline: Timeline, patienceMs: number): Promise<Summary> {
  const claims = new Claims();
  const scene = { stage, timeline, claims, patienceMs, wallet: await openAccounts(stage, timeline) };
  const withdrawn = await playWithdrawal(scene);
  const expired = await playExpiry(scene);
  await claims.claim('ledger-one-to-one', async () => {
    const { changes, entries, differences } = await stage.observer.compareLedger();
    return {
      ok: changes > 0 && differences.length === 0,
      seen: differences[0] ?? `${changes} changes in ${entries} entries`,
    };
  });
  await playLedger(scene);
  for (const { claim, ok, seen } of claims.all)
    timeline.say(ok ? 'true' : 'FALSE', seen === undefined ? claim : `${claim}: ${seen}`);
  const { effectMs, completeMs, bystandersAlive } = withdrawn;
  return {
    ok: claims.all.every(({ ok }) => ok),
    effectMs,
    completeMs,
    cases: [withdrawn.case, expired].flatMap(summed),
    claims: claims.all,
    bystandersAlive,
  };
}

const summed = ({ found, tally, uncoveredNames }: AtRest): CaseSummary[] =>
  found ? [{ id: found.id, state: found.state, ...tally, uncoveredNames }] : [];
