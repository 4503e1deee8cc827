import type { Case } from '../../domain/case/case.ts';
import type { Targets } from '../../wire/environment.ts';

/** The open cases of one regime. */
export interface Weight {
  /** Seconds since the effect of its oldest open case; 0 if none is open. */
  readonly oldestSeconds: number;
  /** The number of open cases that are older than its target. */
  readonly overTarget: number;
}

/** An open case and the regime of its partner; undefined: not known. */
export interface OpenCase {
  readonly case: Pick<Case, 'effectAt'>;
  readonly regime: string | undefined;
}

/**
 * Compares open cases with the targets of their regimes; each regime of the setting has a weight. A case whose regime is not known,
 * or not in the setting, counts under the strictest regime: `assumed` is the number of these cases.
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

/** Returns the regime with the shortest target for completion. */
export function strictestOf(targets: Targets): string {
  const [strictest] = Object.entries(targets).toSorted(
    ([, one], [, other]) => one.completeMinutes - other.completeMinutes,
  );
  return strictest?.[0] ?? '';
}
