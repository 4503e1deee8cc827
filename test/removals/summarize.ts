import type { Outcome, Verdict } from './judge.ts';

/** The last line of `npm run removals -- --json`. */
export interface RemovalsSummary {
  /** Nothing survived, and everything that was tried has a verdict. */
  readonly ok: boolean;
  readonly total: number;
  /** How many had each outcome. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** By name, all that did not simply fail. */
  readonly others: readonly Pick<Verdict, 'outcome' | 'line' | 'seen'>[];
  /** Of the sample; null where everything was tried. */
  readonly seed: string | null;
}

const headings: Readonly<Record<Outcome, string>> = {
  failed: 'seen to fail',
  refused: 'seen to be refused, while the story came to its end by another way',
  survived: 'survived',
  'no-verdict': 'no verdict',
  'not-proven': 'not proven locally',
};
const outcomes = Object.keys(headings) as Outcome[];

export function summarize(verdicts: readonly Verdict[], seed: string | null): RemovalsSummary {
  const of = (outcome: Outcome) => verdicts.filter((verdict) => verdict.outcome === outcome);
  return {
    ok: of('survived').length + of('no-verdict').length === 0,
    total: verdicts.length,
    outcomes: Object.fromEntries(outcomes.map((one) => [one, of(one).length])) as Record<Outcome, number>,
    others: outcomes
      .filter((outcome) => outcome !== 'failed')
      .flatMap(of)
      .map(({ outcome, line, seen }) => ({ outcome, line, seen })),
    seed,
  };
}

/** For people: the figures, then by name all that did not simply fail. */
export function summaryLines(summary: RemovalsSummary): readonly string[] {
  const { total, others, seed } = summary;
  return [
    `${total} taken out${seed === null ? '' : ` (a sample, seed ${seed})`}: ${outcomes
      .map((one) => `${summary.outcomes[one]} ${headings[one]}`)
      .join('; ')}`,
    ...outcomes.flatMap((outcome) => {
      const named = others.filter((one) => one.outcome === outcome);
      return named.length === 0
        ? []
        : ['', `${headings[outcome]}:`, ...named.map(({ line, seen }) => `  ${line}: ${seen}`)];
    }),
  ];
}
