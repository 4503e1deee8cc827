import type { Connector, RevokeOutcome, Sighting, Target } from '../connectors/connector.ts';
import type { Authority } from '../domain/authority.ts';
import { type Credential, type CredentialKind } from '../domain/credential.ts';
import { backoffMs } from '../domain/decisions/backoff.ts';
import { judge } from '../domain/decisions/judge.ts';
import { type Attempt, settle, type Settled } from '../domain/decisions/settle.ts';
import { authorityConcurrency, skewSeconds } from '../domain/limits.ts';
import type { Obligation } from '../domain/obligation.ts';
import { HandleRefused } from '../keys/handle.ts';
import { rfc3339 } from './flow.ts';
import { inParallel } from './in-parallel.ts';
import type { Lease, WorkObligations } from './work-obligations.ts';

/** Refresh tokens first: killing one often takes its access tokens with it, never the reverse by promise (RFC 7009 section 2.1). */
const killOrder: readonly (readonly CredentialKind[])[] = [
  ['refresh_token'],
  ['access_token'],
  ['grant'],
  ['api_key', 'webhook'],
  ['client_secret', 'signing_key'],
];

interface Group {
  readonly group: readonly Obligation[];
  readonly credentials: readonly Credential[];
  readonly authority: Authority;
  readonly connector: Connector;
  readonly lease: Lease;
}

type Deps = Pick<WorkObligations, 'openHandle' | 'now' | 'random' | 'log'>;

/** What is known of one credential while its group is tried. */
interface Trial {
  readonly obligation: Obligation;
  readonly credential: Credential;
  readonly target: Target | undefined;
  before: readonly Sighting[];
  revoked: RevokeOutcome;
  after: readonly Sighting[];
  seenActiveAt: number | undefined;
}

/** Looks, notes what it saw, revokes in the order of kinds, looks again, judges. Commits nothing. */
export async function attemptGroup(work: Group, deps: Deps): Promise<readonly Settled[]> {
  const { connector, lease, authority } = work;
  const width = authority.limits?.concurrency ?? authorityConcurrency;
  const trials = await prepare(work, deps);
  const reachable = trials.filter((trial) => trial.target !== undefined);
  await inParallel(reachable, width, async (trial) => {
    if (trial.target && trial.seenActiveAt === undefined) trial.before = await connector.probe(trial.target);
  });
  await noteSeen(trials, lease);
  for (const kinds of killOrder) {
    const now = reachable.filter((trial) => kinds.includes(trial.credential.kind));
    await inParallel(now, width, async (trial) => {
      if (trial.target && trial.obligation.state !== 'draining')
        trial.revoked = await connector.revoke(trial.target);
    });
  }
  await inParallel(reachable, width, async (trial) => {
    if (trial.target) trial.after = await connector.probe(trial.target);
  });
  const uncontrolled = trials.map((trial) => attemptOf(trial, undefined, deps));
  const canaryAt = uncontrolled.some(wantsCanary) ? await connector.seeCanary() : undefined;
  return trials.map((trial) => settle(attemptOf(trial, canaryAt, deps)));
}

async function prepare({ group, credentials, lease }: Group, deps: Deps): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const obligation of group) {
    const credential = credentials.find(({ id }) => id === obligation.id);
    if (!credential)
      throw new Error(
        `obligation of ${obligation.case} without a credential: ${obligation.authority}/${obligation.id}`,
      );
    const draining = obligation.state === 'draining';
    const { target, because } = await targetOf(credential, deps);
    trials.push({
      obligation,
      credential,
      target,
      before: [],
      revoked: draining ? { kind: 'unsupported' } : { kind: 'refused', because },
      after: [],
      seenActiveAt: obligation.seenActiveAt ?? lease.seen[obligation.id],
    });
  }
  return trials;
}

async function targetOf(
  credential: Credential,
  deps: Deps,
): Promise<{ target: Target | undefined; because: string }> {
  const { authority, id, kind } = credential;
  try {
    const token = await deps.openHandle(credential);
    return token
      ? { target: { authority, id, kind, token }, because: 'not-tried' }
      : { target: undefined, because: 'no-handle' };
  } catch (error) {
    if (!(error instanceof HandleRefused)) throw error;
    deps.log.error('handle refused', { authority, credential: id, code: error.code });
    return { target: undefined, because: error.code };
  }
}

async function noteSeen(trials: readonly Trial[], lease: Lease): Promise<void> {
  const active = (trial: Trial) => trial.before.find(({ answer }) => answer === 'active')?.at;
  if (!trials.some((trial) => active(trial) !== undefined)) return;
  const seen: Record<string, number> = {};
  for (const trial of trials) {
    const at = active(trial) ?? trial.seenActiveAt;
    if (at === undefined) continue;
    seen[trial.obligation.id] = at;
    trial.seenActiveAt = at;
  }
  await lease.note(seen);
}

function attemptOf(trial: Trial, canaryAt: number | undefined, deps: Deps): Attempt {
  const { obligation, credential, before, revoked, after, seenActiveAt } = trial;
  const now = deps.now();
  const told = obligation.deadBy;
  const deadBy = told === undefined ? undefined : { at: told, time: Date.parse(told) };
  const lapses = obligation.deadBy ?? (revoked.kind === 'unsupported' ? credential.expiresAt : undefined);
  const retry = now + backoffMs(obligation.attempts + 1, deps.random());
  const lapsed = lapses === undefined ? 0 : Date.parse(lapses) + skewSeconds * 1000 + 1000;
  return {
    obligation,
    credential,
    evidence: { before, revoked, after, seenActiveAt, canaryAt, deadBy, now, at: rfc3339(now) },
    retryAt: rfc3339(Math.max(retry, lapsed)),
  };
}

/** A negative that nothing vouches for yet. */
function wantsCanary({ evidence }: Attempt): boolean {
  const { after } = evidence;
  return (
    after.length > 0 &&
    after.every(({ answer }) => answer === 'inactive') &&
    judge(evidence).verdict === 'unknown'
  );
}
