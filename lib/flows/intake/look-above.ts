import type { Case } from '../../domain/case/case.ts';
import type { Consent } from '../../domain/inventory/consent.ts';
import type { ConsentRef, Credential } from '../../domain/inventory/credential.ts';
import { type Above, fenceOver } from '../../domain/decisions/above.ts';
import type { Fate, Issuing } from '../../domain/decisions/intake/issue.ts';
import { shelterOf } from '../../domain/decisions/walk/shelter.ts';
import { type GrantRef, isGrant, originName, originsOf } from '../../domain/inventory/delegation.ts';
import type { Fence } from '../../domain/case/fence.ts';
import type { CaseId, CredentialRef, PartnerId } from '../../domain/ids.ts';
import type { Partner } from '../../domain/inventory/partner.ts';
import type { CaseSubject, FenceSubject } from '../../domain/subject.ts';

export interface LookAbove {
  readonly fences: { find(subject: FenceSubject): Promise<Fence | undefined> };
  readonly cases: {
    /** The case of this fence, or its last follow-up. */
    latest(id: CaseId): Promise<Case | undefined>;
  };
  readonly partners: { find(id: PartnerId): Promise<Partner | undefined> };
  readonly consents: { find(id: string, generation: number): Promise<Consent | undefined> };
  readonly credentials: { findAll(refs: readonly CredentialRef[]): Promise<readonly Credential[]> };
  readonly grants: { condemned(grants: readonly GrantRef[]): Promise<ReadonlyMap<string, CaseId>> };
}

/** What stands above it now. */
export async function look(
  partner: PartnerId,
  consent: ConsentRef | undefined,
  deps: LookAbove,
): Promise<Above> {
  const registered = await deps.partners.find(partner);
  return {
    ...(consent && { consent: await deps.fences.find({ type: 'consent', id: consent.id }) }),
    ...(registered && {
      partner: {
        revision: registered.revision,
        fence: await deps.fences.find({ type: 'partner', id: partner }),
      },
    }),
  };
}

/** The fences, and what is condemned of what it grew out of. */
export async function lookAll(credential: Issuing['credential'], deps: LookAbove): Promise<Above> {
  const origins = originsOf(credential);
  const refs = origins.flatMap((origin) => (isGrant(origin) ? [] : [origin]));
  const [above, known, grants] = await Promise.all([
    look(credential.partner, credential.consent, deps),
    refs.length === 0 ? [] : deps.credentials.findAll(refs),
    deps.grants.condemned(origins.filter(isGrant)),
  ]);
  const condemned = new Map(grants);
  for (const origin of known)
    if (origin.condemnedBy !== undefined) condemned.set(originName(origin), origin.condemnedBy);
  return { ...above, condemned };
}

/** What waits below what was seen: a fence of its own before anything that it grew out of; one case that kills it is enough. */
export async function fateOf(
  credential: Issuing['credential'],
  above: Above,
  deps: LookAbove,
): Promise<Fate | undefined> {
  const { consent } = credential;
  const fence = fenceOver(above, consent);
  if (fence) return { kind: 'condemned', latest: await latestOf(fence.case, deps) };
  const cases = await Promise.all([...new Set(above.condemned?.values())].map((id) => latestOf(id, deps)));
  if (cases.length === 0) return undefined;
  const named = consent && (await deps.consents.find(consent.id, consent.generation));
  for (const latest of cases) {
    const serving = {
      fence: above.consent,
      consent: named,
      readmitted: await isReadmitted(latest.subject, deps),
    };
    if (!shelterOf(credential, latest, serving)) return { kind: 'condemned', latest };
  }
  return { kind: 'shared', cases };
}

async function latestOf(id: CaseId, deps: LookAbove): Promise<Case> {
  const latest = await deps.cases.latest(id);
  if (!latest) throw new Error(`case ${id} condemned what this grew out of, and does not exist`);
  return latest;
}

/** Whether a partner that was cut off stands above its fence again. */
async function isReadmitted(subject: CaseSubject, deps: LookAbove): Promise<boolean> {
  if (subject.type !== 'partner') return false;
  const [partner, fence] = await Promise.all([deps.partners.find(subject.id), deps.fences.find(subject)]);
  return partner !== undefined && fence !== undefined && partner.revision > fence.generation;
}
