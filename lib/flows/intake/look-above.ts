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
    /** The case with this id, or its last follow-up case. */
    latest(id: CaseId): Promise<Case | undefined>;
  };
  readonly partners: { find(id: PartnerId): Promise<Partner | undefined> };
  readonly consents: { find(id: string, generation: number): Promise<Consent | undefined> };
  readonly credentials: { findAll(refs: readonly CredentialRef[]): Promise<readonly Credential[]> };
  readonly grants: { condemned(grants: readonly GrantRef[]): Promise<ReadonlyMap<string, CaseId>> };
}

/** Reads the fences over a partner and a consent. */
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

/** Reads all barriers of a credential: its fences and its condemned ancestors. */
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

/**
 * Decides what happens to a credential below these barriers; undefined if there are none. A fence on its own consent or partner comes
 * before condemned ancestors. Of several cases, the first from which nothing shelters it condemns it; otherwise it is shared.
 */
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
  if (!latest)
    throw new Error(`case ${id} is named by a fence or by a condemned ancestor, and does not exist`);
  return latest;
}

/** True if a partner that was cut off is registered again with a revision above its fence. */
async function isReadmitted(subject: CaseSubject, deps: LookAbove): Promise<boolean> {
  if (subject.type !== 'partner') return false;
  const [partner, fence] = await Promise.all([deps.partners.find(subject.id), deps.fences.find(subject)]);
  return partner !== undefined && fence !== undefined && partner.revision > fence.generation;
}
