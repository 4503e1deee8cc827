import { setTimeout as sleep } from 'node:timers/promises';
import { addTallies, type CaseState, emptyTally, type Tally } from '../../domain/case/case.ts';
import { caseId } from '../../domain/ids.ts';
import { tallyText } from '../counts.ts';
import type { Note } from '../output.ts';
import { say } from '../printable.ts';
import { openCases } from '../tables.ts';

/** The pause between two looks; each look is two small reads. */
const lookMs = 1_000;

export interface Seen {
  readonly state: CaseState;
  readonly completeAt?: string | undefined;
  readonly tally: Tally;
}

/** Watches a case until it is closed or the time is up, and notes each change of its counts. Returns the last look. */
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
      const line = `${stateText(found.state)}: ${tallyText(tally)}`;
      if (line !== noted) note((noted = line));
      if (found.state === 'closed' || Date.now() >= until)
        return { state: found.state, completeAt: found.completeAt, tally };
    } else if (Date.now() >= until) {
      note(
        say`case ${id} is not in the table: compare RESCIND_CASES_TABLE with the output RescindCasesTable of the stack`,
      );
      return undefined;
    }
    await sleep(Math.max(1, Math.min(lookMs, until - Date.now())));
  }
}

/** While a case walks, its counts are not complete. */
const stateText = (state: CaseState): string =>
  state === 'open' || state === 'planning' ? `case ${state}, still listing credentials` : `case ${state}`;
