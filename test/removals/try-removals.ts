import { rmSync } from 'node:fs';
import type { TemplatePolicies } from '../cloud/iam/template/policy-collection.ts';
import type { NotProven } from '../journey/not-proven.ts';
import { type Attempt, runOnCopy } from './copies/run-on-copy.ts';
import { copyWithout } from './copies/take-out.ts';
import { judgeAttempt, type Judged, judgeRemoval, type Plan, planRemoval, type Verdict } from './judge.ts';
import { readRawTemplate } from './find-statements.ts';
import { readPolicies, type Removal } from './list-removals.ts';
import type { Results } from './results.ts';

/** Longer than the story takes when everything in it waits in vain. */
const storyLimitMs = 120_000;
/** Longer than any test file that a row names. */
const testLimitMs = 300_000;

export interface TryOptions {
  readonly assembly: string;
  readonly rows: readonly NotProven[];
  /** At a time. */
  readonly jobs: number;
  readonly results: Results;
  /** Progress, one line each. */
  readonly say: (line: string) => void;
}

/** How each removal would be shown. Plays the story on the whole template for it; throws where that fails already. */
export async function planRemovals(
  removals: readonly Removal[],
  { assembly, rows, say }: Pick<TryOptions, 'assembly' | 'rows' | 'say'>,
): Promise<readonly Plan[]> {
  const {
    failed,
    needed = {},
    seconds,
  } = await runOnCopy(assembly, 'story', { limitMs: storyLimitMs, patient: true });
  if (failed.length > 0) throw new Error(failsAlready('story', failed));
  say(`whole template: the story holds (${seconds} s)`);
  return removals.map((removal) => planRemoval(removal, needed, rows));
}

/** Takes each out of a copy of its own and says what that showed, in the order of the plans. */
export async function tryRemovals(plans: readonly Plan[], options: TryOptions): Promise<readonly Verdict[]> {
  const { assembly, jobs, results, say } = options;
  const policies = readPolicies(readRawTemplate(assembly));
  const open = plans.filter(({ removal }) => !results.find(removal.key));
  const whole = new Map<string, Promise<Attempt>>();
  const onWhole = (file: string): Promise<Attempt> => {
    const attempt = whole.get(file) ?? runOnCopy(assembly, file, { limitMs: testLimitMs });
    whole.set(file, attempt);
    return attempt;
  };
  let done = plans.length - open.length;
  await eachOf(open, jobs, async (plan) => {
    const verdict = await tryOne(plan, { assembly, policies, onWhole });
    results.add(verdict);
    done += 1;
    const { outcome, line, on, seconds, seen } = verdict;
    say(`${done} of ${plans.length}  ${outcome}  ${line} (${[...on, `${seconds} s`].join(', ')}): ${seen}`);
  });
  return plans.flatMap(({ removal }) => results.find(removal.key) ?? []);
}

interface Trial {
  readonly assembly: string;
  readonly policies: TemplatePolicies;
  /** What a test file comes to on the whole template; each is run once. */
  readonly onWhole: (file: string) => Promise<Attempt>;
}

async function tryOne(plan: Plan, { assembly, policies, onWhole }: Trial): Promise<Verdict> {
  const judged: Judged[] = [];
  if (plan.ons.length === 0) return judgeRemoval(plan, judged);
  const copy = copyWithout(assembly, plan.removal);
  const judge = (attempt: Attempt): Judged => ({
    ...judgeAttempt(plan, attempt, policies),
    on: attempt.on,
    seconds: attempt.seconds,
  });
  const play = async (on: string): Promise<Judged> => {
    const hasty = judge(await runOnCopy(copy, on, { limitMs: storyLimitMs }));
    if (hasty.outcome !== 'no-verdict' || on !== 'story') return hasty;
    // on a busy machine the story may fail for want of time alone
    return judge(await runOnCopy(copy, on, { limitMs: storyLimitMs, patient: true }));
  };
  const test = async (on: string): Promise<Judged> => {
    const { failed, seconds } = await onWhole(on);
    if (failed.length > 0) return { outcome: 'no-verdict', seen: failsAlready(on, failed), on, seconds };
    return judge(await runOnCopy(copy, on, { limitMs: testLimitMs }));
  };
  try {
    for (const on of plan.ons) {
      const one = await (isTest(on) ? test(on) : play(on));
      // an act may need another before it: then the story decides
      if (one.outcome === 'no-verdict' && on !== 'story' && !isTest(on)) continue;
      judged.push(one);
      if (one.outcome === 'failed') break;
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
  return judgeRemoval(plan, judged);
}

const isTest = (on: string): boolean => on.endsWith('.test.ts');

const failsAlready = (on: string, [first = '']: readonly string[]): string =>
  `${on} fails on the whole template already (${first}): what it does without a grant would show nothing`;

/** So many at a time, each taken up in order. */
async function eachOf<One>(
  list: readonly One[],
  jobs: number,
  work: (one: One) => Promise<void>,
): Promise<void> {
  const rest = [...list];
  const next = async (): Promise<void> => {
    for (let one = rest.shift(); one !== undefined; one = rest.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: jobs }, next));
}
