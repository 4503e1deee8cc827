import type { AnswerOf } from '../../wire/operate.ts';
import { type Ask, expecting } from '../door.ts';
import type { Note, Report } from '../output.ts';
import { say, shell } from '../printable.ts';
import { awaitClosed, type Seen } from './await-closed.ts';

/** `rescind execute PLAN`: kills what the plan listed, and waits for the proof. */
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
 * What became of an execution, after up to `wait` seconds; 0: nobody waits. Incomplete where its case was not seen closed,
 * also where nobody could look: what was ordered is ordered, and no failure to look hides that.
 */
export async function reportExecution(
  executed: AnswerOf<'executed'>,
  wait: number,
  note: Note,
): Promise<Report> {
  const lines = [
    say`executed  ${executed.plan}`,
    say`case      ${executed.case}`,
    say`effect    ${executed.effectAt}  fence committed; ${executed.count} credentials were shown, what arrived since dies with them`,
  ];
  const look = `look      ${shell('rescind', 'case', 'show', executed.case)}`;
  if (wait === 0) return { result: executed, lines: [...lines, look] };
  const seen = await see(executed.case, wait, note);
  if (!seen) return { result: executed, lines: [...lines, look], ends: 'incomplete' };
  const { tally, state, completeAt } = seen;
  const closed = state === 'closed';
  const counts = `planned ${tally.planned} = dead ${tally.dead} + draining ${tally.draining} + waived ${tally.waived} + open ${tally.open} (uncovered ${tally.uncovered})`;
  return {
    result: { ...executed, state, completeAt, ...tally },
    lines: [
      ...lines,
      closed ? say`complete  ${completeAt ?? '-'}` : say`complete  not in ${wait} s: the case is ${state}`,
      counts,
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
      say`it is executed, but cannot be watched: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
