import { addTallies, type Case, emptyTally } from '../../domain/case.ts';
import type { Fence } from '../../domain/fence.ts';
import { caseId } from '../../domain/ids.ts';
import type { Obligation } from '../../domain/obligation.ts';
import { CommandFailed, type Report } from '../output.ts';
import { columns, say, shell } from '../printable.ts';
import { openCases, openFences } from '../tables.ts';

/** Of the credentials that are still alive, this many are shown, unless all are asked for. */
export const aliveShown = 20;

/** `rescind case show ID`: state, times and counts of one case, its fence, and what is still alive in it. */
export async function showCase(id: string, options: { readonly allOpen: boolean }): Promise<Report> {
  const { cases, obligations } = openCases();
  const found = await cases.find(caseId(id));
  if (!found)
    throw new CommandFailed(
      'checkFailed',
      say`there is no case ${id}: ids look like consent-withdrawn/<consent>/<generation>/<round>`,
    );
  const tally = addTallies(...(await cases.tallies(found)).map((one) => one ?? emptyTally));
  const fence = await fenceOf(found);
  const alive = await firstAlive(obligations.pages(found), options.allOpen ? Infinity : aliveShown);
  const left = tally.open + tally.draining - alive.length;
  const { state, effectAt, completeAt, follows } = found;
  const lines = [
    say`case      ${found.id}`,
    say`state     ${state}`,
    say`effect    ${effectAt}  fence committed`,
    `fence     ${fenceText(fence)}`,
    say`complete  ${completeAt ?? '-'}`,
    ...(follows ? [say`follows   ${follows}`] : []),
    `planned ${tally.planned} = dead ${tally.dead} + draining ${tally.draining} + waived ${tally.waived} + open ${tally.open} (uncovered ${tally.uncovered})`,
    ...aliveLines(alive),
    ...(left > 0 ? [`and ${left} more: ${shell('rescind', 'case', 'show', id, '--all-open')}`] : []),
  ];
  const result = {
    ...found,
    ...tally,
    ...(typeof fence === 'object' && { fence }),
    alive: alive.map(shown),
    notShown: Math.max(0, left),
  };
  return { result, lines };
}

/** The fence of the subject; a word where there is none to show. */
async function fenceOf({ subject }: Case): Promise<Fence | 'none' | 'unknown'> {
  if (subject.type === 'credential') return 'none';
  const fences = openFences();
  return fences ? ((await fences.fences.find(subject)) ?? 'none') : 'unknown';
}

function fenceText(fence: Fence | 'none' | 'unknown'): string {
  if (fence === 'none') return '-';
  if (fence === 'unknown') return 'not asked: set RESCIND_FENCES_TABLE';
  return say`${fence.at}  generation ${fence.generation}, raised by ${fence.case}`;
}

async function firstAlive(
  pages: AsyncIterable<readonly Obligation[]>,
  limit: number,
): Promise<readonly Obligation[]> {
  const alive: Obligation[] = [];
  for await (const page of pages) {
    alive.push(...page.filter(({ state }) => state === 'open' || state === 'draining'));
    if (alive.length >= limit) break;
  }
  return alive.slice(0, limit);
}

const shown = (obligation: Obligation) => {
  const { authority, id, kind, state, attempts, last, dueAt, uncovered, deadBy } = obligation;
  return { authority, id, kind, state, attempts, last, dueAt, uncovered, deadBy };
};

function aliveLines(alive: readonly Obligation[]): string[] {
  if (alive.length === 0) return [];
  const rows = alive.map((one) => [
    `${one.authority}/${one.id}`,
    one.kind,
    one.deadBy === undefined ? one.state : `${one.state} until ${one.deadBy}`,
    one.attempts,
    one.last ?? '-',
    one.dueAt,
    one.uncovered ? 'uncovered: no connector kills it' : '',
  ]);
  return columns([['CREDENTIAL', 'KIND', 'STATE', 'ATTEMPTS', 'LAST', 'NEXT TRY', ''], ...rows]);
}
