import { setTimeout as sleep } from 'node:timers/promises';
import { addTallies, type CaseState, emptyTally, type Tally } from '../../domain/case/case.ts';
import { caseId } from '../../domain/ids.ts';
import type { Note } from '../output.ts';
import { openCases } from '../tables.ts';

/** Two small reads each. */
const lookMs = 1_000;

export interface Seen {
  readonly state: CaseState;
  readonly completeAt?: string | undefined;
  readonly tally: Tally;
}

/** Watches a case until it is closed or the time is over; notes each change of its counts. Gives what it saw last. */
export async function awaitClosed(
  id: string,
  { seconds, note }: { readonly seconds: number; readonly note: Note },
): Promise<Seen | undefined> {
  const { cases } = openCases();
  const until = Date.now() + seconds * 1000;
  for (let noted = ''; ;) {
    const found = await cases.find(caseId(id));
    if (found) {
      const tally = addTallies(...(await cases.tallies(found)).map((one) => one ?? emptyTally));
      const line = `${stateText(found.state)}: ${tally.dead + tally.waived} of ${tally.planned} done, ${tally.open} open (uncovered ${tally.uncovered}), ${tally.draining} draining`;
      if (line !== noted) note((noted = line));
      if (found.state === 'closed' || Date.now() >= until)
        return { state: found.state, completeAt: found.completeAt, tally };
    } else if (Date.now() >= until) {
      note('the tables have no such case: compare RESCIND_CASES_TABLE with the outputs of the stack');
      return undefined;
    }
    await sleep(Math.max(1, Math.min(lookMs, until - Date.now())));
  }
}

/** Before it works, a case has not counted all: that of so many so many are done says nothing yet. */
const stateText = (state: CaseState): string =>
  state === 'open' || state === 'planning' ? `case ${state}, still listing` : `case ${state}`;
