import { indexRowsMax, scannedCasesMax } from '../../../aws/dynamodb/readers/open-work.ts';
import { dueShards } from '../../../domain/limits.ts';
import type { Note, Report } from '../../output.ts';
import { columns } from '../../printable.ts';
import { subjectText } from '../../subjects.ts';
import { openCases } from '../../tables.ts';

/** `rescind case list`: the cases that are not closed, or all cases, oldest first. */
export async function listCases(options: { readonly all: boolean }, note: Note): Promise<Report> {
  const { cases, whole } = options.all ? await openCases().work.scan() : await open();
  const sorted = cases.toSorted((a, b) => (a.case.effectAt < b.case.effectAt ? -1 : 1));
  if (!options.all) note('read from an index that lags: a case of the last seconds may be missing');
  if (!whole)
    note(
      options.all
        ? `there are more than ${scannedCasesMax} cases: these are not all`
        : `the index has more than ${indexRowsMax * dueShards} rows: these are not all`,
    );
  const rows = sorted.map(({ case: of, tally }) => [
    of.effectAt,
    of.state,
    of.kind,
    subjectText(of.subject),
    tally.planned,
    tally.dead,
    tally.open + tally.draining,
    of.id,
  ]);
  const head = ['EFFECT', 'STATE', 'KIND', 'SUBJECT', 'OBLIGATIONS', 'DEAD', 'ALIVE', 'CASE'];
  return {
    result: { cases: sorted.map(({ case: of, tally }) => ({ ...of, ...tally })), whole },
    lines: rows.length > 0 ? columns([head, ...rows]) : [options.all ? 'no case' : 'no open case'],
  };
}

async function open() {
  const { work } = openCases();
  const { cases, whole } = await work.rows('');
  // a case may have closed since the index was read
  const counted = (await work.counted(cases)).filter(({ case: { state } }) => state !== 'closed');
  return { cases: counted, whole };
}
