import type { AnswerOf } from '../../wire/operate.ts';
import { counted, tallyText } from '../counts.ts';
import { type Ask, expecting } from '../door.ts';
import type { Note, Report } from '../output.ts';
import { say, shell } from '../printable.ts';
import { awaitClosed, type Seen } from './await-closed.ts';

/** `rescind execute PLAN`: executes the plan of a cut-off, and waits for the proof. */
export async function execute(
  id: string,
  options: { readonly wait: number },
  ask: Ask,
  note: Note,
): Promise<Report> {
  const executed = expecting(await ask({ command: 'execute', plan: id }), 'executed');
  return reportExecution(executed, options.wait, note);
}

/**
 * Reports an execution after up to `wait` seconds; 0: without waiting. The report is incomplete if the case was not seen closed,
 * also if it could not be read: the order was carried out, and a failure to watch must not hide that.
 */
export async function reportExecution(
  executed: AnswerOf<'executed'>,
  wait: number,
  note: Note,
): Promise<Report> {
  const lines = [
    say`executed  ${executed.plan}`,
    say`case      ${executed.case}`,
    say`effect    ${executed.effectAt}  the fence was committed; ${counted(executed.count, 'credential')} of the plan must die, and all that arrive later`,
  ];
  const look = `look      ${shell('rescind', 'case', 'show', executed.case)}`;
  if (wait === 0) return { result: executed, lines: [...lines, look] };
  const seen = await see(executed.case, wait, note);
  if (!seen) return { result: executed, lines: [...lines, look], ends: 'incomplete' };
  const { tally, state, completeAt } = seen;
  const closed = state === 'closed';
  return {
    result: { ...executed, state, completeAt, ...tally },
    lines: [
      ...lines,
      closed
        ? say`complete  ${completeAt ?? '-'}`
        : say`complete  not within ${wait} s: the case is ${state}, and workers continue`,
      `counts    ${tallyText(tally)}`,
      ...(closed ? [] : [look]),
    ],
    ends: closed ? 'done' : 'incomplete',
  };
}

async function see(id: string, seconds: number, note: Note): Promise<Seen | undefined> {
  try {
    return await awaitClosed(id, { seconds, note });
  } catch (error) {
    note(
      say`the plan is executed, but its case cannot be watched: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
