import { canaryMs, skewSeconds } from '../../limits.ts';
import type { Outcome, Proof, Verdict } from '../../case/obligation.ts';
import { type Control, controlsOf, type RevokeOutcome, type Sighting } from '../../case/sighting.ts';

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
 * Judges one attempt. Disagreement is `alive`; a negative counts only with a positive control within the minute, of those
 * that its vantage point allows: it saw this credential active, or a canary answered active. An older sighting is no
 * control: the authority may have stopped to answer us since. The answer to the revocation itself is never evidence
 * (RFC 7009 section 2.2: 200 also for unknown tokens). A lapse needs a negative after it, too, from a vantage point that can
 * see this credential.
 */
export function judge(evidence: Evidence): Judgement {
  const { before, after, now } = evidence;
  const seenActiveAt = lastActive([...before, ...after]) ?? evidence.seenActiveAt;
  const seen = seenActiveAt === undefined ? {} : { seenActiveAt };
  const verdict = weigh(evidence, seenActiveAt);
  const outcome = outcomeOf(evidence, verdict);
  const proof = verdict === 'dead' ? proofOf(evidence, seenActiveAt) : undefined;
  if (proof) return { outcome, verdict: 'dead', proof, ...seen };
  const seesIt = after.every((negative) => canSee(negative, seenActiveAt));
  if (evidence.deadBy && isGone(after) && seesIt && hasLapsed(evidence.deadBy.time, seenActiveAt, now)) {
    const lapsed: Proof = { kind: 'lapsed', deadBy: evidence.deadBy.at, at: evidence.at };
    return { outcome, verdict: 'dead', proof: lapsed, ...seen };
  }
  return { outcome, verdict, ...seen };
}

/** Asked, and every vantage point says inactive. */
const isGone = (after: readonly Sighting[]): boolean =>
  after.length > 0 && after.every(({ answer }) => answer === 'inactive');

/** Its time is over, with skew, and nothing saw it alive after that. */
function hasLapsed(deadBy: number, seenActiveAt: number | undefined, now: number): boolean {
  const over = deadBy + skewSeconds * 1000;
  return over < now && (seenActiveAt === undefined || seenActiveAt <= over);
}

function weigh({ after, canaryAt }: Evidence, seenActiveAt: number | undefined): Verdict {
  if (after.some(({ answer }) => answer === 'active')) return 'alive';
  if (!isGone(after)) return 'unknown';
  const vouched = after.every(
    (negative) => isVouchedBySight(negative, seenActiveAt) || isVouchedByCanary(negative, canaryAt),
  );
  return vouched ? 'dead' : 'unknown';
}

/** This vantage point saw this very credential active, and that is a control for it. */
const isVouchedBySight = (negative: Sighting, seenActiveAt: number | undefined): boolean =>
  allows(negative, 'seen-active-before') && isNear(negative, seenActiveAt);

const isVouchedByCanary = (negative: Sighting, canaryAt: number | undefined): boolean =>
  allows(negative, 'canary') && isNear(negative, canaryAt);

/** Where no canary can vouch, a negative may be said of what is somebody else's: ours is what was seen active at any time. */
const canSee = (negative: Sighting, seenActiveAt: number | undefined): boolean =>
  allows(negative, 'canary') || seenActiveAt !== undefined;

const allows = ({ vantage }: Sighting, control: Control): boolean => controlsOf[vantage].includes(control);

const isNear = ({ at }: Sighting, control: number | undefined): boolean =>
  control !== undefined && Math.abs(at - control) <= canaryMs;

function proofOf({ after, at }: Evidence, seenActiveAt: number | undefined): Proof {
  const control = after.every((negative) => isVouchedBySight(negative, seenActiveAt))
    ? 'seen-active-before'
    : 'canary';
  return { kind: 'refused', vantages: after.map(({ vantage }) => vantage), control, at };
}

function outcomeOf({ before, revoked }: Evidence, verdict: Verdict): Outcome {
  if (revoked.kind === 'refused') return 'refused';
  if (
    verdict === 'dead' &&
    (revoked.kind === 'already-gone' || revoked.kind === 'with-grant' || isGone(before))
  )
    return 'already-gone';
  return verdict === 'dead' && revoked.kind === 'accepted' ? 'accepted' : 'unconfirmed';
}

function lastActive(sightings: readonly Sighting[]): number | undefined {
  const times = sightings.filter(({ answer }) => answer === 'active').map(({ at }) => at);
  return times.length === 0 ? undefined : Math.max(...times);
}
