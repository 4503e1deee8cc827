import { addTallies, emptyTally } from '../domain/case.ts';
import { caseId } from '../domain/ids.ts';
import { CommandFailed, print } from './output.ts';
import { openTables } from './tables.ts';

/** `rescind case show ID`: state, times and counts of one case. */
export async function showCase(id: string, options: { readonly json: boolean }): Promise<void> {
  const { cases } = openTables();
  const found = await cases.find(caseId(id));
  if (!found)
    throw new CommandFailed(
      'checkFailed',
      `there is no case ${id}: ids look like consent-withdrawn/<consent>/<generation>/<round>`,
    );
  const tally = addTallies(...(await cases.tallies(found)).map((one) => one ?? emptyTally));
  const { state, effectAt, completeAt, follows } = found;
  const lines = [
    `case      ${found.id}`,
    `state     ${state}`,
    `effect    ${effectAt}  fence committed`,
    `complete  ${completeAt ?? '-'}`,
    ...(follows ? [`follows   ${follows}`] : []),
    `planned ${tally.planned} = dead ${tally.dead} + draining ${tally.draining} + waived ${tally.waived} + open ${tally.open} (uncovered ${tally.uncovered})`,
  ];
  print({ ...found, ...tally }, lines.join('\n'), options.json);
}
