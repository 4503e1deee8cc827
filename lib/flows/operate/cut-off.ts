import { type Authority, covers } from '../../domain/inventory/authority.ts';
import type { Case } from '../../domain/case/case.ts';
import type { Credential } from '../../domain/inventory/credential.ts';
import { arrivedSince, decideExecution, decidePreview } from '../../domain/decisions/operate/cut-off.ts';
import type { CutOff, CutOffSet } from '../../domain/emergency/cut-off.ts';
import type { Fence } from '../../domain/case/fence.ts';
import { type AuthorityId, type CaseId, type CutOffId, cutOffId, type PartnerId } from '../../domain/ids.ts';
import { cutOffCredentialsMax, cutOffMinutes, decisionsMax } from '../../domain/limits.ts';
import { credentialName } from '../../domain/names.ts';
import type { Partner } from '../../domain/inventory/partner.ts';
import type { FenceSubject } from '../../domain/subject.ts';
import { sha256 } from '../../wire/digest.ts';
import type { AnswerOf, OperateRequest } from '../../wire/operate.ts';
import { commitAndSend, Contended, type Recorder, rfc3339, stampOf } from '../flow.ts';
import { type Listed, listPartner, type ListPartner } from './list-partner.ts';
import { refusal } from './refusal.ts';

export interface CutOffs extends Recorder, ListPartner {
  readonly partners: { find(id: PartnerId): Promise<Partner | undefined> };
  readonly authorities: { findAll(ids: readonly AuthorityId[]): Promise<readonly Authority[]> };
  readonly fences: { find(subject: FenceSubject): Promise<Fence | undefined> };
  readonly cases: {
    find(id: CaseId): Promise<Case | undefined>;
    latest(id: CaseId): Promise<Case | undefined>;
  };
  readonly cutOffs: {
    find(id: CutOffId): Promise<CutOff | undefined>;
    set(id: CutOffId): Promise<CutOffSet>;
  };
  readonly wakePlanner: (id: CaseId) => Promise<void>;
}

type Refused = AnswerOf<'refused'>;

/**
 * Lists and counts the credentials that the cut-off of a partner would kill, and stores this set as a plan. The same request
 * returns the same plan.
 */
export async function previewCutOff(
  { partner: id, reason, request }: Extract<OperateRequest, { command: 'plan' }>,
  by: string,
  deps: CutOffs,
): Promise<AnswerOf<'planned'> | Refused> {
  const plan = cutOffId(request);
  const partner = await deps.partners.find(id);
  if (!partner)
    return refusal('partner-unknown', `there is no partner ${id}: check the id, or register the partner`);
  const listed = await listPartner(id, deps);
  if (listed.kind !== 'listed') return notListed(listed, id);
  const { credentials } = listed;
  const before = await deps.cutOffs.find(plan);
  const cutOff = before ?? (await makeCutOff({ plan, partner, reason, by }, credentials, deps));
  const isAnother = before && (before.partner !== id || before.by !== by || before.reason !== reason);
  if (isAnother || before?.state === 'executed')
    return refusal(
      'request-reused',
      'this request id made another plan, or its plan is executed: plan again with a new request id',
    );
  if (before && before.digest !== digestOf(credentials))
    return refusal('set-changed', `the credentials of ${id} changed since this plan was made: plan again`);
  if (!before && !(await deps.commit(decidePreview(cutOff, credentials, stampOf(deps)))).ok)
    throw new Contended(`plan ${plan}`);
  const { revision, until, count, uncovered, digest } = cutOff;
  const groups = groupsOf(credentials);
  return {
    kind: 'planned',
    plan,
    partner: id,
    revision,
    reason,
    by,
    until,
    count,
    uncovered,
    digest,
    groups,
  };
}

async function makeCutOff(
  made: { plan: CutOffId; partner: Partner; reason: string; by: string },
  credentials: readonly Credential[],
  deps: CutOffs,
): Promise<CutOff> {
  const ids = [...new Set(credentials.map(({ authority }) => authority))];
  const authorities = ids.length === 0 ? [] : await deps.authorities.findAll(ids);
  const covered = (one: Credential) =>
    authorities.some((known) => known.id === one.authority && covers(known, one));
  const now = deps.now();
  return {
    id: made.plan,
    partner: made.partner.id,
    revision: made.partner.revision,
    reason: made.reason,
    by: made.by,
    at: rfc3339(now),
    until: rfc3339(now + cutOffMinutes * 60_000),
    state: 'ready',
    count: credentials.length,
    uncovered: credentials.filter((one) => !covered(one)).length,
    digest: digestOf(credentials),
  };
}

/** Fences the partner and opens the case that kills exactly the previewed set. Executing a plan again returns the same case. */
export async function executeCutOff(
  { plan }: Extract<OperateRequest, { command: 'execute' }>,
  by: string,
  deps: CutOffs,
): Promise<AnswerOf<'executed'> | Refused> {
  for (let tries = 0; tries < decisionsMax; tries += 1) {
    const cutOff = await deps.cutOffs.find(plan);
    if (!cutOff) return refusal('plan-unknown', `there is no plan ${plan}: make one with rescind plan`);
    if (cutOff.state === 'executed') return again(cutOff, deps);
    const standing = await standingOver(cutOff.partner, deps);
    const refused = await notAsPreviewed(cutOff, standing, deps);
    if (refused) return refused;
    const decision = decideExecution(cutOff, by, standing, stampOf(deps));
    if (decision.kind === 'running')
      return refusal(
        'cut-off-already',
        `${cutOff.partner} is cut off already: case ${decision.case.id} works on all its credentials`,
      );
    const { case: opened } = decision;
    if (!(await commitAndSend(decision.writes, deps)).ok) continue;
    deps.log.warn('partner cut off', {
      partner: cutOff.partner,
      plan,
      case: opened.id,
      by,
      count: cutOff.count,
    });
    await deps.wakePlanner(opened.id);
    return { kind: 'executed', plan, case: opened.id, effectAt: opened.effectAt, count: cutOff.count };
  }
  throw new Contended(`plan ${plan}`);
}

/** Answers a repeated order. The first run may have ended before it woke the walk. */
async function again(cutOff: CutOff, deps: CutOffs): Promise<AnswerOf<'executed'>> {
  const opened = cutOff.case && (await deps.cases.find(cutOff.case));
  if (!opened) throw new Error(`plan ${cutOff.id} was executed, and its case ${cutOff.case} does not exist`);
  if (opened.state !== 'closed') await deps.wakePlanner(opened.id);
  return {
    kind: 'executed',
    plan: cutOff.id,
    case: opened.id,
    effectAt: opened.effectAt,
    count: cutOff.count,
  };
}

async function standingOver(partner: PartnerId, deps: CutOffs) {
  const fence = await deps.fences.find({ type: 'partner', id: partner });
  if (!fence) return undefined;
  const latest = await deps.cases.latest(fence.case);
  if (!latest)
    throw new Error(`the fence of partner ${partner} names case ${fence.case}, which does not exist`);
  return { fence, latest };
}

async function notAsPreviewed(
  cutOff: CutOff,
  standing: Awaited<ReturnType<typeof standingOver>>,
  deps: CutOffs,
): Promise<Refused | undefined> {
  if (deps.now() > Date.parse(cutOff.until))
    return refusal('plan-old', `plan ${cutOff.id} expired at ${cutOff.until}: plan again`);
  const partner = await deps.partners.find(cutOff.partner);
  if (partner?.revision !== cutOff.revision)
    return refusal(
      'partner-changed',
      `plan ${cutOff.id} is for revision ${cutOff.revision} of ${cutOff.partner}, which is registered in revision ${partner?.revision} now: plan again`,
    );
  const listed = await listPartner(cutOff.partner, deps);
  if (listed.kind !== 'listed') return notListed(listed, cutOff.partner);
  if (listed.credentials.length === 0 && standing && standing.fence.generation >= cutOff.revision)
    return refusal(
      'cut-off-already',
      `${cutOff.partner} is cut off already by ${standing.latest.id}, and all its credentials are dead`,
    );
  const arrived = arrivedSince(await deps.cutOffs.set(cutOff.id), listed.credentials);
  if (arrived.length === 0) return undefined;
  return refusal(
    'set-changed',
    `${arrived.length} credentials were announced since the plan (${arrived.slice(0, 3).join(', ')}${arrived.length > 3 ? ', …' : ''}): plan again, or use plan --execute`,
  );
}

function notListed(listed: Exclude<Listed, { kind: 'listed' }>, partner: PartnerId): Refused {
  return listed.kind === 'too-many'
    ? refusal(
        'too-many',
        `${partner} has more than ${cutOffCredentialsMax} credentials, the maximum of one plan: withdraw its consents instead`,
      )
    : refusal('no-time', `time ran out after ${listed.seen} credentials of ${partner}: try again`);
}

const digestOf = (credentials: readonly Credential[]): string =>
  sha256(credentials.map(credentialName).toSorted().join('\n'));

function groupsOf(credentials: readonly Credential[]): AnswerOf<'planned'>['groups'] {
  const groups = new Map<string, AnswerOf<'planned'>['groups'][number]>();
  for (const { authority, kind } of credentials) {
    const key = `${authority}\n${kind}`;
    groups.set(key, { authority, kind, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
