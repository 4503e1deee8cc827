import type { ProofReport } from '../../cloud/iam/record.ts';
import { lineOf, type NotProven } from '../../journey/not-proven.ts';

/** What the story needs of each statement of the template: none is left out. */
export interface StatedRecord {
  readonly statements: number;
  readonly proven: number;
  /** By name, with the reason of each of its lines. */
  readonly notProven: readonly Stated[];
  /** Needed, but not each action on each resource: what is idle. */
  readonly partly: readonly Stated[];
  /** Lines for which not-proven.ts has no reason. */
  readonly unexplained: readonly string[];
}

/** A statement, and what of it nobody needed. */
export interface Stated {
  readonly id: string;
  readonly idle: readonly { readonly line: string; readonly because: string }[];
}

export function stateRecord(report: ProofReport, rows: readonly NotProven[]): StatedRecord {
  const reasonFor = (line: string) => rows.find(({ lines }) => lines.test(line));
  const stated = (proofs: ProofReport['proven']): readonly Stated[] =>
    proofs.map(({ id, effect, idle }) => ({
      id,
      idle: idle.map((pair) => {
        const line = lineOf({ id, effect, ...pair });
        const row = reasonFor(line);
        const shown = row?.shownBy === undefined ? '' : ` (shown by ${row.shownBy})`;
        return { line, because: row ? `${row.because}${shown}` : noReason };
      }),
    }));
  const [notProven, partly] = [
    stated(report.notProven),
    stated(report.proven).filter(({ idle }) => idle.length > 0),
  ];
  return {
    statements: report.proven.length + report.notProven.length,
    proven: report.proven.length,
    notProven,
    partly,
    unexplained: [...notProven, ...partly]
      .flatMap(({ idle }) => idle)
      .filter(({ because }) => because === noReason)
      .map(({ line }) => line),
  };
}

const noReason = 'no reason is given';

/** For people. */
export function recordLines(record: StatedRecord): readonly string[] {
  const { statements, proven, notProven, partly } = record;
  const named = (list: readonly Stated[]) =>
    list.flatMap(({ id, idle }) => [
      `  ${id}`,
      ...idle.map(({ line, because }) => `    ${line}: ${because}`),
    ]);
  return [
    `${statements} statements: ${proven} proven by the story, ${notProven.length} not proven`,
    '',
    'Not proven by the story:',
    ...named(notProven),
    '',
    'Proven, but not for each action on each resource:',
    ...named(partly),
  ];
}
