import type { TemplatePolicies } from '../cloud/iam/template/policy-collection.ts';
import type { NotProven } from '../journey/not-proven.ts';
import type { Attempt } from './copies/run-on-copy.ts';
import type { Removal } from './list-removals.ts';
import { isAbout } from './needed.ts';

/** What taking something out showed. */
export type Outcome =
  /** The story, or the test file, failed; of a grant also: somebody was refused just that. */
  | 'failed'
  /** Somebody was refused just that, and the story came to its end by another way. */
  | 'refused'
  /** Nothing failed and nobody was refused it: nobody needs it, or nothing shows who does. */
  | 'survived'
  /** Something failed, and nothing says that this is why; or it took too long. */
  | 'no-verdict'
  /** Nothing local can show it: a row of not-proven.ts says why. */
  | 'not-proven';

export interface Verdict {
  readonly key: string;
  readonly line: string;
  readonly outcome: Outcome;
  /** The refusal, what failed, or why nothing can. */
  readonly seen: string;
  readonly on: readonly string[];
  readonly seconds: number;
}

/** What is played for a removal, in this order until something fails. */
export interface Plan {
  readonly removal: Removal;
  readonly ons: readonly string[];
  readonly row?: NotProven | undefined;
}

/**
 * The act that needs it first, by itself, then the whole story; or the test file of the row that explains why no story needs it.
 * `needed` is what the story on the whole template told.
 */
export function planRemoval(
  removal: Removal,
  needed: Readonly<Record<string, string>>,
  rows: readonly NotProven[],
): Plan {
  const row = rows.find(({ lines }) => lines.test(removal.line));
  const part = needed[removal.key];
  if (part !== undefined) return { removal, row, ons: [part, 'story', ...shownBy(row)] };
  if (row?.sometimes) return { removal, row, ons: ['story', ...shownBy(row)] };
  if (row) return { removal, row, ons: shownBy(row) };
  return { removal, ons: removal.statement.effect === 'Allow' ? ['story'] : [] };
}

const shownBy = (row: NotProven | undefined): readonly string[] =>
  row?.shownBy === undefined ? [] : [row.shownBy];

/** An attempt, judged. */
export interface Judged extends Pick<Attempt, 'on' | 'seconds'> {
  readonly outcome: Exclude<Outcome, 'not-proven'>;
  readonly seen: string;
}

/** What one attempt showed. */
export function judgeAttempt(
  { removal }: Pick<Plan, 'removal'>,
  { failed, broken = false, refused }: Pick<Attempt, 'failed' | 'broken' | 'refused'>,
  policies: TemplatePolicies,
): Pick<Judged, 'outcome' | 'seen'> {
  const about = refused.find((one) => isAbout(one, removal, policies));
  // whoever takes a prohibition out is refused nothing: a test has to miss it
  const isSeen = removal.statement.effect === 'Allow' ? about !== undefined : !broken;
  const seen = about?.message ?? failed[0] ?? '';
  if (failed.length > 0) return { outcome: isSeen ? 'failed' : 'no-verdict', seen };
  return { outcome: about ? 'refused' : 'survived', seen };
}

/** What all attempts of a plan showed together: one that failed as it should is enough. */
export function judgeRemoval(
  { removal: { key, line, statement }, row }: Plan,
  judged: readonly Judged[],
): Verdict {
  const verdict = (outcome: Outcome, seen: string): Verdict => ({
    key,
    line,
    outcome,
    seen,
    on: judged.map(({ on }) => on),
    seconds: Math.round(judged.reduce((sum, { seconds }) => sum + seconds, 0) * 10) / 10,
  });
  for (const outcome of ['failed', 'no-verdict', 'refused'] as const) {
    const one = judged.find((each) => each.outcome === outcome);
    if (one) return verdict(outcome, one.seen);
  }
  if (row && row.shownBy === undefined) return verdict('not-proven', row.because);
  if (judged.length > 0) return verdict('survived', 'nothing failed and nobody was refused it');
  return verdict(
    'survived',
    `no row of test/journey/not-proven.ts says what shows this ${statement.effect}: add one with a test file`,
  );
}
