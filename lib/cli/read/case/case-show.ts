import type { Credential } from '../../../domain/inventory/credential.ts';
import { isOwed, waitsForApproval } from '../../../domain/decisions/operate/approve.ts';
import { credentialName } from '../../../domain/names.ts';
import { CommandFailed, type Report } from '../../output.ts';
import { columns, say, shell } from '../../printable.ts';
import { subjectText } from '../../subjects.ts';
import { noteLines } from './case-notes.ts';
import { shortLines } from '../../short-id.ts';
import { arrange, type Branch, type Forest } from '../tree/arrange.ts';
import { type Debt, lookAtCase, type LookedAtCase } from '../tree/look-at-case.ts';
import { cellOf, hangsText, levelsMax, nestedOf, rowsOf, seeAbove } from '../tree/rows.ts';

/** Of what a case owes, this much is shown: what is open first. */
export const obligationsShown = 100;

/** What would end with a credential is named up to this, and counted beyond. */
const endsNamed = 5;

/** `rescind case show ID`: state, times and counts of one case, its fence, and what it owes: as it grew, where it is about a consent. */
export async function showCase(id: string, options: { readonly allOpen: boolean }): Promise<Report> {
  const looked = await lookAtCase(id, { limit: obligationsShown, ...options });
  if (!looked)
    throw new CommandFailed(
      'checkFailed',
      say`there is no case ${id}: ids look like consent-withdrawn/<consent>/<generation>/<round>`,
    );
  const forest = treeOf(looked);
  const { case: found, tally, fence, followUp, shared, notShown } = looked;
  return {
    result: {
      ...found,
      ...tally,
      ...(typeof fence === 'object' && { fence }),
      followUp: followUp ? { id: followUp.id, state: followUp.state } : null,
      obligations: forest ? nestedOf(forest.branches, told) : byAuthority(looked.debts).map(told),
      shared: shared.map(({ authority, id: of, serves }) => ({ authority, id: of, serves })),
      notShown: { ...notShown, deeper: forest?.deeper ?? 0 },
    },
    lines: [
      ...headLines(looked),
      ...(forest ? treeLines(forest) : listLines(looked)),
      ...legendLines(looked.debts),
      ...cutLines(looked, forest?.deeper ?? 0),
      ...noteLines(looked.debts),
      ...approvalLines(looked),
      ...sharedLines(looked),
    ],
  };
}

/** What a case about a consent owes, as it grew under that; undefined: there is nothing to hang it on, or it is not known how. */
function treeOf({ case: of, debts, knowsOrigins }: LookedAtCase): Forest<Debt> | undefined {
  const { subject, generation } = of;
  if (subject.type !== 'consent' || !knowsOrigins) return undefined;
  // a withdrawal reaches every generation up to its own
  const isUnder = ({ consent }: Debt) =>
    consent !== undefined && consent.id === subject.id && consent.generation <= generation;
  return arrange(debts, { isUnder, levels: levelsMax });
}

const byAuthority = (debts: readonly Debt[]): readonly Debt[] =>
  debts.toSorted((a, b) => (a.authority < b.authority ? -1 : a.authority > b.authority ? 1 : 0));

function headLines({ case: found, tally, fence, followUp }: LookedAtCase): string[] {
  const { id, state, subject, generation, effectAt, completeAt, follows } = found;
  return [
    say`case      ${id}`,
    `about     ${subjectText(subject)}, generation ${generation}`,
    say`state     ${state}`,
    say`effect    ${effectAt}  fence committed`,
    `fence     ${fenceText(fence)}`,
    say`complete  ${completeAt ?? '-'}`,
    ...(follows ? [say`follows   ${follows}`] : []),
    ...(followUp ? [say`followed  by ${followUp.id}, which is ${followUp.state}`] : []),
    `planned ${tally.planned} = dead ${tally.dead} + draining ${tally.draining} + waived ${tally.waived} + open ${tally.open} (uncovered ${tally.uncovered})`,
  ];
}

function fenceText(fence: LookedAtCase['fence']): string {
  if (fence === 'none') return '-';
  if (fence === 'unknown') return 'not asked: set RESCIND_FENCES_TABLE';
  return say`${fence.at}  generation ${fence.generation}, raised by ${fence.case}`;
}

const head = ['CREDENTIAL', 'KIND', 'STATE', 'ATTEMPTS', 'LAST', 'NEXT TRY'];

function treeLines({ branches }: Forest<Debt>): string[] {
  if (branches.length === 0) return [];
  const rows = rowsOf(branches).map(({ branch, depth }) => treeRow(branch, depth));
  return columns([[...head, 'HANGS'], ...rows]);
}

/** A line for each authority, and below it what is owed there. */
function listLines({ case: { subject }, debts }: LookedAtCase): string[] {
  if (debts.length === 0) return [];
  const sorted = byAuthority(debts);
  const rows = sorted.flatMap((one, index) => [
    ...(one.authority === sorted[index - 1]?.authority ? [] : [[one.authority, '', '', '', '', '']]),
    [cellOf(one, 1), ...stateCells(one)],
  ]);
  return [
    ...columns([head, ...rows]),
    ...(subject.type === 'consent' ? ['how it grew was not asked: set RESCIND_REGISTRY_TABLE'] : []),
  ];
}

function treeRow(branch: Branch<Debt>, depth: number): readonly string[] {
  const { one, again } = branch;
  const name = cellOf(one, depth);
  if (again) return [name, seeAbove, '', '', '', '', hangsText(branch)];
  return [name, ...stateCells(one), hangsText(branch)];
}

function stateCells({ owed, kind: known }: Debt): readonly string[] {
  if (!owed) return [known ?? '-', 'dead before', '-', '-', '-'];
  const { kind, state, attempts, last = '-', dueAt, deadBy } = owed;
  const until = state === 'draining' && deadBy !== undefined ? ` until ${deadBy}` : '';
  return [kind, `${state}${until}`, String(attempts), last, isOwed(owed) ? dueAt : '-'];
}

const legend = 'LAST is outcome/verdict, then what was answered to the revocation and by each vantage point';

function legendLines(debts: readonly Debt[]): string[] {
  const isTried = debts.some(({ owed }) => owed?.last !== undefined);
  return [...(isTried ? [legend] : []), ...shortLines(debts)];
}

/** What was left out, and how to see it. */
function cutLines({ case: { id }, notShown }: LookedAtCase, deeper: number): string[] {
  const { open, ended, passed } = notShown;
  const all = shell('rescind', 'ledger', 'show', '--case', id);
  return [
    ...(open > 0
      ? [`and ${open} more that are open: ${shell('rescind', 'case', 'show', id, '--all-open')}`]
      : []),
    ...(ended > 0 ? [`and ${ended} more that are dead or waived: ${all}`] : []),
    ...(passed > 0 ? [`and ${passed} more that were dead before`] : []),
    ...(deeper > 0 ? [`and ${deeper} deeper than ${levelsMax} levels: ${all}`] : []),
  ];
}

/** Which wait for a person, why, and by what command it is decided. */
function approvalLines({ case: { id }, debts }: LookedAtCase): string[] {
  const waiting = debts.filter(({ owed }) => owed && waitsForApproval(owed));
  if (waiting.length === 0) return [];
  return [
    '',
    'these wait for a person: what no case is about lives on the same grant and would end with them',
    ...waiting.flatMap((debt) => {
      const name = `${debt.authority}/${debt.id}`;
      const decide = shell('rescind', 'approve', id, '--credential', name, '--reason', '…');
      return [say`  ${name}${endsText(debt)}`, `    ${decide}`];
    }),
  ];
}

function endsText({ ends }: Debt): string {
  if (!ends) return '';
  if (ends.length === 0) return '  would end nothing any more';
  const named = ends.slice(0, endsNamed).map(({ authority, id, consent }: Credential) => {
    const under = consent ? ` of ${consent.id}@${consent.generation}` : '';
    return `${authority}/${id}${under}`;
  });
  const more = ends.length - named.length;
  return `  would end ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function sharedLines({ shared, notShown }: LookedAtCase): string[] {
  if (shared.length === 0) return [];
  const rows = shared.map(({ authority, id, serves }) => [
    `  ${authority}/${id}`,
    serves ? `serves ${serves.id}@${serves.generation}` : '',
  ]);
  return [
    '',
    'these are not owed: each serves another consent that stood when the case came to it',
    ...columns(rows),
    ...(notShown.shared > 0 ? [`  and ${notShown.shared} more`] : []),
  ];
}

const told = ({ authority, id, owed, ends, kind: known }: Debt) => {
  if (!owed) return { authority, id, kind: known, state: 'passed' };
  const { kind, state, attempts, last, dueAt, uncovered, deadBy, collateral } = owed;
  return {
    ...{ authority, id, kind, state, attempts, last, dueAt, uncovered, deadBy },
    ...(collateral && { collateral }),
    ...(waitsForApproval(owed) && { waitsForApproval: true, ends: ends?.map(credentialName) }),
  };
};
