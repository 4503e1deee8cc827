import type { Case, CaseKind } from '../../../domain/case/case.ts';
import { isOwed, waitsForApproval } from '../../../domain/decisions/operate/approve.ts';
import type { CaseSubject } from '../../../domain/subject.ts';
import { counted, tallyText } from '../../counts.ts';
import { say, shell } from '../../printable.ts';
import { subjectText } from '../../subjects.ts';
import type { Debt, LookedAtCase } from '../tree/look-at-case.ts';

/** The lines above the table: what the case is about, its state and times, its counts, and what to do next. */
export function headLines(looked: LookedAtCase): string[] {
  const { case: found, tally, fence, followUp } = looked;
  const { id, kind, subject, generation, completeAt, follows } = found;
  return [
    say`case      ${id}`,
    `about     ${subjectText(subject)}, ${numbered[subject.type]} ${generation}: ${causes[kind]}`,
    `state     ${stateText(looked)}`,
    `effect    ${effectText(found)}`,
    `fence     ${fenceText(fence, numbered[subject.type])}`,
    say`complete  ${completeAt ?? 'not yet'}`,
    ...(follows ? [say`follows   ${follows}`] : []),
    ...(followUp ? [say`followed  by ${followUp.id}, which is ${followUp.state}`] : []),
    `counts    ${tallyText(tally)}`,
    ...nextLines(looked),
  ];
}

const causes = {
  'consent-withdrawn': 'it was withdrawn',
  'consent-expired': 'it expired',
  'credential-expired': 'it expired',
  'secret-retired': 'a rotation replaced this key',
  'emergency-ordered': 'an operator cut it off',
} as const satisfies Record<CaseKind, string>;

/** The name of a case's generation, by what the case is about. */
const numbered = {
  consent: 'generation',
  partner: 'revision',
  credential: 'round',
} as const satisfies Record<CaseSubject['type'], string>;

function stateText({ case: { state, cursors }, tally }: LookedAtCase): string {
  switch (state) {
    case 'open':
      return `${state}: its walk has not begun to list credentials`;
    case 'planning':
      return `${state}: its walk is still listing credentials`;
    case 'working':
      return cursors > 0
        ? `${state}: its walk is listing credentials that arrived later`
        : `${state}: its walk is finished; not done yet: ${aliveIn(tally)} of ${counted(tally.planned, 'obligation')}`;
    case 'closed':
      return tally.planned === 0
        ? `${state}: its walk found no credential that had to die`
        : `${state}: each obligation is dead or waived`;
  }
}

const aliveIn = ({ open, draining }: LookedAtCase['tally']): number => open + draining;

/** A case about one credential has no fence; a follow-up case opens later than the fence of its subject. */
const effectText = ({ effectAt, subject, follows }: Case): string =>
  say`${effectAt}  ${subject.type === 'credential' || follows ? 'the case was opened' : 'the fence was committed'}`;

function fenceText(fence: LookedAtCase['fence'], number: string): string {
  if (fence === 'none') return '-';
  if (fence === 'unknown') return 'not read: set RESCIND_FENCES_TABLE';
  return say`${fence.at}  ${number} ${fence.generation}, raised by ${fence.case}`;
}

function nextLines({ case: { state, cursors }, tally, debts, followUp }: LookedAtCase): string[] {
  if (state === 'closed')
    return followUp && followUp.state !== 'closed'
      ? [`next      ${shell('rescind', 'case', 'show', followUp.id)}`]
      : [];
  if (state !== 'working' || cursors > 0)
    return ['next      nothing: the walk continues by itself; look again in a minute'];
  const needing = debts.filter(needsPerson).length;
  if (needing > 0)
    return [
      `next      ${counted(needing, 'obligation')} ${needing === 1 ? 'needs' : 'need'} a person: the lines below the table say what to do`,
    ];
  if (aliveIn(tally) === 0) return ['next      nothing: the case closes by itself'];
  const [first] = debts.flatMap(({ owed }) => (owed && isOwed(owed) ? [owed.dueAt] : [])).toSorted();
  return [
    `next      nothing: workers try again by themselves${first === undefined ? '' : say`, from ${first} on`}`,
  ];
}

/** Returns true for an obligation that no further attempt ends until a person acts. */
function needsPerson({ owed }: Debt): boolean {
  if (!owed || !isOwed(owed)) return false;
  if (owed.uncovered || waitsForApproval(owed)) return true;
  return owed.collateral === undefined && (owed.last?.startsWith('refused/') ?? false);
}
