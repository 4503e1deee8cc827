import type { AnswerOf, OperateAnswer } from '../../wire/operate.ts';
import { counted } from '../counts.ts';
import { type Ask, expecting } from '../door.ts';
import type { Note, Report } from '../output.ts';
import { columns, say, shell } from '../printable.ts';
import { reportExecution } from './execute.ts';

export interface Plan {
  readonly partner: string;
  readonly reason: string;
  /** Executes the plan at once. */
  readonly execute: boolean;
  /** Seconds to watch the execution; see `reportExecution`. */
  readonly wait: number;
}

/** After this many plans it stops: credentials that arrive faster than that are an incident of their own. */
export const plansMax = 5;

type Planned = AnswerOf<'planned'>;

/**
 * `rescind plan`: previews the cut-off of a partner. With `--execute` the plan is executed at once; if credentials arrive in
 * between, a new plan is made, up to `plansMax` plans in all.
 */
export async function plan(
  wanted: Plan,
  ask: Ask,
  { note, newId }: { readonly note: Note; readonly newId: () => string },
): Promise<Report> {
  for (let plans = 1; ; plans += 1) {
    const answer = await ask({
      command: 'plan',
      request: newId(),
      partner: wanted.partner,
      reason: wanted.reason,
    });
    if (hasChanged(answer) && plans < plansMax) continue;
    const planned = expecting(answer, 'planned');
    if (!wanted.execute) return { result: planned, lines: [...linesOf(planned), nextOf(planned)] };
    linesOf(planned).forEach(note);
    const executed = await ask({ command: 'execute', plan: planned.plan });
    if (hasChanged(executed) && plans < plansMax) {
      note('credentials were announced since the plan was made: making a new plan');
      continue;
    }
    const report = await reportExecution(expecting(executed, 'executed'), wanted.wait, note);
    return { ...report, result: { preview: planned, ...(report.result as object) } };
  }
}

const hasChanged = (answer: OperateAnswer): boolean =>
  answer.kind === 'refused' && answer.code === 'set-changed';

function linesOf({ groups, ...planned }: Planned): string[] {
  return [
    say`plan      ${planned.plan}`,
    say`partner   ${planned.partner}  revision ${planned.revision}`,
    say`reason    ${planned.reason}`,
    say`by        ${planned.by}`,
    say`expires   ${planned.until}`,
    `kills     ${counted(planned.count, 'credential')}${planned.uncovered > 0 ? `; ${uncoveredText(planned.uncovered)}` : ''}`,
    ...columns(groups.map(({ authority, kind, count }) => ['         ', count, kind, authority])),
    say`digest    ${planned.digest}`,
  ];
}

const uncoveredText = (count: number): string =>
  count === 1
    ? '1 of them is uncovered: no connector can kill it'
    : `${count} of them are uncovered: no connector can kill them`;

const nextOf = ({ plan: id }: Planned): string => `next      ${shell('rescind', 'execute', id)}`;
