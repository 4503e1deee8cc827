import { canaryMs, skewSeconds } from '../limits.ts';
import type { Outcome, Proof, Verdict } from '../obligation.ts';
import type { RevokeOutcome, Sighting } from '../sighting.ts';

/** All that an attempt saw of one credential. Times are milliseconds since the epoch. */
export interface Evidence {
  /** Seen before revoking, in this attempt. */
  readonly before: readonly Sighting[];
  /** What was answered, or why nothing was sent. */
  readonly revoked: RevokeOutcome;
  /** Seen after revoking. */
  readonly after: readonly Sighting[];
  /** An earlier attempt saw it active then. */
  readonly seenActiveAt?: number | undefined;
  /** A canary at this authority answered active to us then. */
  readonly canaryAt?: number | undefined;
  /** It cannot be revoked and lapses by then, skew not included. */
  readonly deadBy?: { readonly at: string; readonly time: number } | undefined;
  readonly now: number;
  /** RFC 3339 of `now`. */
  readonly at: string;
}

export interface Judgement {
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  /** Present exactly where the verdict is `dead`. */
  readonly proof?: Proof;
  /** When a vantage point last saw it active. */
  readonly seenActiveAt?: number;
}

/**
 * Judges one attempt. Disagreement is `alive`; a negative counts only with a positive control: this vantage
 * point saw this credential active before, or a canary answered active within the minute. The answer to the
 * revocation itself is never evidence (RFC 7009 section 2.2: 200 also for unknown tokens).
 */
export function judge(evidence: Evidence): Judgement {
  const { before, after, now } = evidence;
  const seenActiveAt = lastActive([...before, ...after]) ?? evidence.seenActiveAt;
  const seen = seenActiveAt === undefined ? {} : { seenActiveAt };
  const verdict = weigh(evidence, seenActiveAt);
  const proof = verdict === 'dead' ? proofOf(evidence, seenActiveAt) : undefined;
  if (proof) return { outcome: outcomeOf(evidence, 'dead'), verdict: 'dead', proof, ...seen };
  if (verdict !== 'alive' && evidence.deadBy && hasLapsed(evidence.deadBy.time, seenActiveAt, now)) {
    const lapsed: Proof = { kind: 'lapsed', deadBy: evidence.deadBy.at, at: evidence.at };
    return { outcome: outcomeOf(evidence, verdict), verdict: 'dead', proof: lapsed, ...seen };
  }
  return { outcome: outcomeOf(evidence, verdict), verdict, ...seen };
}

/** Its time is over, with skew, and nothing saw it alive after that. */
function hasLapsed(deadBy: number, seenActiveAt: number | undefined, now: number): boolean {
  const over = deadBy + skewSeconds * 1000;
  return over < now && (seenActiveAt === undefined || seenActiveAt <= over);
}

function weigh({ after, canaryAt }: Evidence, seenActiveAt: number | undefined): Verdict {
  if (after.some(({ answer }) => answer === 'active')) return 'alive';
  if (after.length === 0 || after.some(({ answer }) => answer === 'unknown')) return 'unknown';
  const vouched = after.every(({ at }) => canaryAt !== undefined && Math.abs(at - canaryAt) <= canaryMs);
  return seenActiveAt !== undefined || vouched ? 'dead' : 'unknown';
}

function proofOf({ after, at }: Evidence, seenActiveAt: number | undefined): Proof {
  const control = seenActiveAt !== undefined ? 'seen-active-before' : 'canary';
  return { kind: 'refused', vantages: after.map(({ vantage }) => vantage), control, at };
}

function outcomeOf({ before, revoked }: Evidence, verdict: Verdict): Outcome {
  if (verdict === 'dead') {
    const goneBefore = before.length > 0 && before.every(({ answer }) => answer === 'inactive');
    return goneBefore || revoked.kind === 'already-gone' ? 'already-gone' : 'accepted';
  }
  return revoked.kind === 'refused' ? 'refused' : 'unconfirmed';
}

function lastActive(sightings: readonly Sighting[]): number | undefined {
  const times = sightings.filter(({ answer }) => answer === 'active').map(({ at }) => at);
  return times.length === 0 ? undefined : Math.max(...times);
}
