import type { Credential } from '../../../domain/inventory/credential.ts';
import { isOwed, waitsForApproval } from '../../../domain/decisions/operate/approve.ts';
import { credentialName } from '../../../domain/names.ts';
import { CommandFailed, type Report } from '../../output.ts';
import { columns, say, shell } from '../../printable.ts';
import { headLines } from './case-head.ts';
import { noteLines } from './case-notes.ts';
import { explainAttempts } from '../explain-attempts.ts';
import { shortLines } from '../../short-id.ts';
import { arrange, type Branch, type Forest } from '../tree/arrange.ts';
import { type Debt, lookAtCase, type LookedAtCase } from '../tree/look-at-case.ts';
import { cellOf, hangsText, levelsMax, nestedOf, rowsOf, seeAbove } from '../tree/rows.ts';

/** At most this many obligations are shown, the open ones first. */
export const obligationsShown = 100;

/** At most this many of the credentials that would end with another are named; the others are counted. */
const endsNamed = 5;

/** `rescind case show ID`: state, times and counts of one case, its fence and its obligations, as a tree if the case is about a consent. */
export async function showCase(id: string, options: { readonly allOpen: boolean }): Promise<Report> {
  const looked = await lookAtCase(id, { limit: obligationsShown, ...options });
  if (!looked)
    throw new CommandFailed(
      'checkFailed',
      say`there is no case ${id}: rescind case list shows the open cases; ids look like consent-withdrawn/<consent>/<generation>/<round>`,
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

/** Arranges the obligations of a case about a consent as a tree. Undefined for other cases, and if the delegation cannot be read. */
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

const head = ['CREDENTIAL', 'KIND', 'STATE', 'ATTEMPTS', 'LAST ATTEMPT', 'NEXT ATTEMPT'];

function treeLines({ branches }: Forest<Debt>): string[] {
  if (branches.length === 0) return [];
  const rows = rowsOf(branches).map(({ branch, depth }) => treeRow(branch, depth));
  return columns([[...head, 'ORIGIN'], ...rows]);
}

/** A line for each authority, and below it the obligations there. */
function listLines({ case: { subject }, debts }: LookedAtCase): string[] {
  if (debts.length === 0) return [];
  const sorted = byAuthority(debts);
  const rows = sorted.flatMap((one, index) => [
    ...(one.authority === sorted[index - 1]?.authority ? [] : [[one.authority, '', '', '', '', '']]),
    [cellOf(one, 1), ...stateCells(one)],
  ]);
  return [
    ...columns([head, ...rows]),
    ...(subject.type === 'consent' ? ['the tree was not read: set RESCIND_REGISTRY_TABLE'] : []),
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

/** Explains each code that the table shows. */
function legendLines(debts: readonly Debt[]): string[] {
  const tries = debts.flatMap(({ owed }) => owed?.last ?? []);
  const states = debts.flatMap(({ owed }) => owed?.state ?? []);
  return [
    ...shortLines(debts),
    ...(states.includes('draining')
      ? ['draining: it cannot be revoked and ends at its expiry; workers look until it is proven dead']
      : []),
    ...(tries.length > 0
      ? ['LAST ATTEMPT is outcome/verdict, then each place that was asked with its answer:']
      : []),
    ...explainAttempts(tries),
  ];
}

/** Says which rows are not shown, and how to see them. */
function cutLines({ case: { id }, notShown }: LookedAtCase, deeper: number): string[] {
  const { open, ended, passed } = notShown;
  const all = shell('rescind', 'ledger', 'show', '--case', id);
  return [
    ...(open > 0
      ? [`and ${open} more that are open: ${shell('rescind', 'case', 'show', id, '--all-open')}`]
      : []),
    ...(ended > 0 ? [`and ${ended} more that are dead or waived: ${all}`] : []),
    ...(passed > 0 ? [`and ${passed} more that were dead before this case`] : []),
    ...(deeper > 0 ? [`and ${deeper} more, deeper than ${levelsMax} levels: ${all}`] : []),
  ];
}

/** Names the obligations that wait for an operator, why, and the command that decides it. */
function approvalLines({ case: { id }, debts }: LookedAtCase): string[] {
  const waiting = debts.filter(({ owed }) => owed && waitsForApproval(owed));
  if (waiting.length === 0) return [];
  return [
    '',
    'these wait for an operator: their revocation would also end live credentials outside this case, on the same grant',
    ...waiting.flatMap((debt) => {
      const name = `${debt.authority}/${debt.id}`;
      const decide = shell('rescind', 'approve', id, '--credential', name, '--reason', '…');
      return [say`  ${name}${endsText(debt)}`, `    ${decide}`];
    }),
  ];
}

function endsText({ ends }: Debt): string {
  if (!ends) return '';
  if (ends.length === 0) return '  would end no other credential now';
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
    'these are shared, and not revoked: each serves another consent that was active when the walk found it',
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
