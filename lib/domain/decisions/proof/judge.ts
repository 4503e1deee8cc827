import { canaryMs, skewSeconds } from '../../limits.ts';
import type { Outcome, Proof, Verdict } from '../../case/obligation.ts';
import { type Control, controlsOf, type RevokeOutcome, type Sighting } from '../../case/sighting.ts';

/** All that one attempt observed about one credential. Times are milliseconds since the epoch. */
export interface Evidence {
  /** The sightings of this attempt before the revocation. */
  readonly before: readonly Sighting[];
  /** The answer to the revocation, or the reason why nothing was sent. */
  readonly revoked: RevokeOutcome;
  /** The sightings of this attempt after the revocation. */
  readonly after: readonly Sighting[];
  /** The time at which an earlier attempt saw the credential active. */
  readonly seenActiveAt?: number | undefined;
  /** The time at which this authority answered `active` about a canary. */
  readonly canaryAt?: number | undefined;
  /** The credential cannot be revoked and expires by then, clock skew not included. */
  readonly deadBy?: { readonly at: string; readonly time: number } | undefined;
  readonly now: number;
  /** RFC 3339 of `now`. */
  readonly at: string;
}

export interface Judgement {
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  /** Present if and only if the verdict is `dead`. */
  readonly proof?: Proof;
  /** The time at which a vantage point last saw the credential active. */
  readonly seenActiveAt?: number;
}

/**
 * Judges one attempt. Where the vantage points disagree, the credential is `alive`. A negative counts only with a positive control
 * within `canaryMs`, of a kind that its vantage point allows: the credential itself was seen active, or a canary was. An older
 * sighting is not a control, because the authority may since have stopped answering us truthfully. The answer to the revocation
 * is never evidence (RFC 7009 section 2.2: a server answers 200 for unknown tokens too). An expired lifetime also needs a negative
 * after its end, from a vantage point that can see this credential.
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

/** At least one vantage point was asked, and every one says inactive. */
const isGone = (after: readonly Sighting[]): boolean =>
  after.length > 0 && after.every(({ answer }) => answer === 'inactive');

/** Its lifetime plus clock skew is over, and no vantage point saw it active after that. */
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

/** The vantage point saw this credential itself active, and accepts that as a control. */
const isVouchedBySight = (negative: Sighting, seenActiveAt: number | undefined): boolean =>
  allows(negative, 'seen-active-before') && isNear(negative, seenActiveAt);

const isVouchedByCanary = (negative: Sighting, canaryAt: number | undefined): boolean =>
  allows(negative, 'canary') && isNear(negative, canaryAt);

/**
 * A vantage point that allows no canary may answer inactive about another client's token. There a credential belongs to our client
 * only if it was seen active at some time.
 */
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
