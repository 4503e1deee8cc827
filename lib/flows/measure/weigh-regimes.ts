import type { Case } from '../../domain/case/case.ts';
import type { Targets } from '../../wire/environment.ts';

/** What one regime has open. */
export interface Weight {
  /** Since the effect of its oldest open case; 0 where none is open. */
  readonly oldestSeconds: number;
  /** Open cases that took longer than its target. */
  readonly overTarget: number;
}

/** An open case, and whose target holds for it; undefined: nobody knows. */
export interface OpenCase {
  readonly case: Pick<Case, 'effectAt'>;
  readonly regime: string | undefined;
}

/**
 * Holds open cases against the targets of their regimes; every regime of the setting has a weight. A case whose regime is not
 * known, or not in the setting, counts under the strictest one: `assumed` says how many these are.
 */
export function weighRegimes(
  open: readonly OpenCase[],
  targets: Targets,
  now: number,
): { readonly weights: ReadonlyMap<string, Weight>; readonly assumed: number } {
  const strictest = strictestOf(targets);
  const weights = new Map(
    Object.keys(targets).map((regime) => [regime, { oldestSeconds: 0, overTarget: 0 }]),
  );
  let assumed = 0;
  for (const { case: of, regime } of open) {
    const isKnown = regime !== undefined && Object.hasOwn(targets, regime);
    const counts = isKnown ? regime : strictest;
    if (!isKnown) assumed += 1;
    const weight = weights.get(counts);
    const target = targets[counts];
    if (!weight || !target) continue;
    const seconds = Math.max(0, Math.floor((now - Date.parse(of.effectAt)) / 1000));
    weights.set(counts, {
      oldestSeconds: Math.max(weight.oldestSeconds, seconds),
      overTarget: weight.overTarget + (seconds > target.completeMinutes * 60 ? 1 : 0),
    });
  }
  return { weights, assumed };
}

/** The regime that leaves the least time to be complete. */
export function strictestOf(targets: Targets): string {
  const [strictest] = Object.entries(targets).toSorted(
    ([, one], [, other]) => one.completeMinutes - other.completeMinutes,
  );
  return strictest?.[0] ?? '';
}
