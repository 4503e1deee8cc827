import type { Connector, RevokeOutcome, Sighting, Target } from '../../connectors/connector.ts';
import type { Authority } from '../../domain/inventory/authority.ts';
import type { Credential } from '../../domain/inventory/credential.ts';
import { backoffMs } from '../../domain/decisions/proof/backoff.ts';
import { leadersOf, revokesByGrant } from '../../domain/decisions/walk/collateral.ts';
import { inKillOrder } from '../../domain/decisions/proof/kill-order.ts';
import { judge } from '../../domain/decisions/proof/judge.ts';
import { type Attempt, settle, type Settled } from '../../domain/decisions/proof/settle.ts';
import { authorityConcurrency, callReserveMs, canaryMs, skewSeconds } from '../../domain/limits.ts';
import type { Obligation } from '../../domain/case/obligation.ts';
import { HandleRefused } from '../../keys/handle.ts';
import { inParallel } from '../in-parallel.ts';
import type { Spared } from '../walk/find-collateral.ts';
import type { Secret } from '../../domain/secret.ts';
import { type Recorder, rfc3339 } from '../flow.ts';
import type { SeenNotes } from './seen-notes.ts';

interface Group {
  readonly group: readonly Obligation[];
  readonly credentials: readonly Credential[];
  readonly authority: Authority;
  readonly connector: Connector;
  readonly notes: SeenNotes;
  /** Withheld credentials: not revoked in this attempt, each with the reason. */
  readonly spared: Spared;
}

export interface AttemptGroup extends Pick<Recorder, 'now' | 'log'> {
  /** The raw token; undefined where the credential has no handle; throws `HandleRefused`. */
  readonly openHandle: (credential: Credential) => Promise<Secret | undefined>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly remainingMs: () => number;
}

/** The state of one credential during an attempt. */
interface Trial {
  readonly obligation: Obligation;
  readonly credential: Credential;
  readonly target: Target | undefined;
  before: readonly Sighting[];
  revoked: RevokeOutcome;
  after: readonly Sighting[];
  seenActiveAt: number | undefined;
}

/**
 * Makes one attempt at a group: looks, notes what it saw, revokes in the order of kinds, looks again, judges. Commits nothing.
 * When time runs out, it starts no further call: a credential that was not looked at stays unknown, and a sighting that was
 * noted counts at the next attempt.
 */
export async function attemptGroup(work: Group, deps: AttemptGroup): Promise<readonly Settled[]> {
  const { connector, notes, authority } = work;
  const trials = await prepare(work, deps);
  const forEach = async (some: readonly Trial[], call: (trial: Trial, target: Target) => Promise<void>) => {
    const width = authority.limits?.concurrency ?? authorityConcurrency;
    await inParallel(some, width, async (trial) => {
      if (!trial.target || !hasTime(deps)) return;
      // an error with one credential fails the attempt at that credential only
      await call(trial, trial.target).catch((error: unknown) => {
        trial.revoked = { kind: 'unconfirmed', because: 'internal' };
        const { authority: at, id } = trial.obligation;
        deps.log.error('attempt failed', { authority: at, credential: id, ...errorFacts(error) });
      });
    });
  };
  const isFresh = (at: number | undefined): boolean => at !== undefined && deps.now() - at <= canaryMs;
  await forEach(
    trials.filter(({ seenActiveAt }) => !isFresh(seenActiveAt)),
    async (trial, target) => {
      trial.before = await connector.probe(target);
    },
  );
  await noteSeen(trials, notes);
  // a credential that was not looked at is not revoked: a negative afterwards would have no positive control
  const looked = trials.filter((trial) => isFresh(trial.seenActiveAt) || trial.before.length > 0);
  const revocable = looked.filter(({ obligation }) => !work.spared.has(obligation.id));
  const leaders = revokesByGrant(authority) ? leadersOf(inKillOrder(revocable).flat()) : new Set(revocable);
  const revoke = async (some: readonly Trial[]) => {
    for (const turn of inKillOrder(some))
      await forEach(turn, async (trial, target) => {
        trial.revoked = await connector.revoke(target);
      });
  };
  const probe = (some: readonly Trial[]) =>
    forEach(some, async (trial, target) => {
      trial.after = await connector.probe(target);
    });
  await revoke([...leaders]);
  for (const trial of revocable) if (!leaders.has(trial)) trial.revoked = { kind: 'with-grant' };
  await probe(looked);
  // the server did not end these with their grant
  const left = revocable.filter((trial) => !leaders.has(trial) && !isSeenGone(trial));
  await revoke(left);
  await probe(left);
  const uncontrolled = trials.map((trial) => attemptOf(trial, undefined, deps));
  const canaryAt =
    uncontrolled.some(wantsCanary) && hasTime(deps) ? await seeCanary(connector, deps) : undefined;
  return trials.map((trial) => settle(attemptOf(trial, canaryAt, deps)));
}

const isSeenGone = ({ after }: Trial): boolean =>
  after.length > 0 && after.every(({ answer }) => answer === 'inactive');

/** Looks at the canary. A canary whose call fails vouches for nothing. */
const seeCanary = (connector: Connector, deps: AttemptGroup): Promise<number | undefined> =>
  connector.seeCanary().catch((error: unknown) => {
    deps.log.error('canary failed', errorFacts(error));
    return undefined;
  });

const errorFacts = (error: unknown) =>
  error instanceof Error ? { error: error.name, reason: error.message } : { error: 'unknown' };

const hasTime = ({ remainingMs }: AttemptGroup): boolean => remainingMs() > callReserveMs;

async function prepare({ group, credentials, notes, spared }: Group, deps: AttemptGroup): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const obligation of group) {
    const credential = credentials.find(({ id }) => id === obligation.id);
    if (!credential)
      throw new Error(
        `obligation of ${obligation.case} without a credential: ${obligation.authority}/${obligation.id}`,
      );
    const { target, because } = await targetOf(credential, deps);
    trials.push({
      obligation,
      credential,
      target,
      before: [],
      revoked: spared.get(obligation.id) ?? because,
      after: [],
      seenActiveAt: obligation.seenActiveAt ?? notes.seen.get(obligation.id),
    });
  }
  return trials;
}

async function targetOf(
  credential: Credential,
  deps: AttemptGroup,
): Promise<{ target: Target | undefined; because: RevokeOutcome }> {
  const { authority, id, kind, client } = credential;
  const untried = { kind: 'unconfirmed', because: 'no-time' } as const;
  // a client's key needs no handle: its id is enough
  if (client !== undefined) return { target: { authority, id, kind }, because: untried };
  try {
    const token = await deps.openHandle(credential);
    return token
      ? { target: { authority, id, kind, token }, because: untried }
      : { target: undefined, because: { kind: 'refused', because: 'no-handle' } };
  } catch (error) {
    if (!(error instanceof HandleRefused)) throw error;
    deps.log.error('handle refused', { authority, credential: id, code: error.code });
    return { target: undefined, because: { kind: 'refused', because: error.code } };
  }
}

async function noteSeen(trials: readonly Trial[], notes: SeenNotes): Promise<void> {
  const active = (trial: Trial) => trial.before.find(({ answer }) => answer === 'active')?.at;
  if (!trials.some((trial) => active(trial) !== undefined)) return;
  const seen = new Map<string, number>();
  for (const trial of trials) {
    const at = active(trial) ?? trial.seenActiveAt;
    if (at === undefined) continue;
    seen.set(trial.obligation.id, at);
    trial.seenActiveAt = at;
  }
  await notes.note(seen);
}

function attemptOf(trial: Trial, canaryAt: number | undefined, deps: AttemptGroup): Attempt {
  const { obligation, credential, before, revoked, after, seenActiveAt } = trial;
  const now = deps.now();
  const told = obligation.deadBy;
  const deadBy = told === undefined ? undefined : { at: told, time: Date.parse(told) };
  // a lapse is one more reason to look, and never a reason to wait
  const retry = now + backoffMs(obligation.attempts + 1, deps.random());
  const over = deadBy ? deadBy.time + skewSeconds * 1000 + 1000 : Infinity;
  return {
    obligation,
    credential,
    evidence: { before, revoked, after, seenActiveAt, canaryAt, deadBy, now, at: rfc3339(now) },
    retryAt: rfc3339(over > now ? Math.min(retry, over) : retry),
  };
}

/** Returns true for negatives that have no control yet. */
function wantsCanary({ evidence }: Attempt): boolean {
  const { after } = evidence;
  return (
    after.length > 0 &&
    after.every(({ answer }) => answer === 'inactive') &&
    judge(evidence).verdict === 'unknown'
  );
}
