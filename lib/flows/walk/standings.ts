import { type Authority, covers } from '../../domain/inventory/authority.ts';
import type { Case } from '../../domain/case/case.ts';
import type { Consent } from '../../domain/inventory/consent.ts';
import type { ConsentRef, Credential } from '../../domain/inventory/credential.ts';
import type { Standing } from '../../domain/decisions/walk/plan.ts';
import { shelterOf } from '../../domain/decisions/walk/shelter.ts';
import type { Fence } from '../../domain/case/fence.ts';
import type { AuthorityId, CredentialRef } from '../../domain/ids.ts';
import { consentName, credentialName } from '../../domain/names.ts';
import type { FenceSubject } from '../../domain/subject.ts';

export interface Standings {
  readonly cases: {
    /** The names of those of these credentials that have an obligation or a note in the case. */
    visited(of: Case, credentials: readonly CredentialRef[]): Promise<ReadonlySet<string>>;
  };
  readonly consents: { findAll(refs: readonly ConsentRef[]): Promise<readonly Consent[]> };
  readonly fences: { find(subject: FenceSubject): Promise<Fence | undefined> };
  readonly authorities: { findAll(ids: readonly AuthorityId[]): Promise<readonly Authority[]> };
}

/** Decides how each credential relates to the case. `direct`: the case is about these credentials themselves, and nothing shelters them. */
export async function standingsOf(
  planned: Case,
  credentials: readonly Credential[],
  direct: boolean,
  deps: Standings,
): Promise<readonly { readonly credential: Credential; readonly standing: Standing }[]> {
  const shelter = direct ? () => undefined : await sheltersOf(planned, credentials, deps);
  // a live credential without shelter was never visited: each visit condemns
  const asked = credentials.filter((one) => one.state !== 'live' || shelter(one) !== undefined);
  const [visited, authorities] = await Promise.all([
    deps.cases.visited(planned, asked),
    deps.authorities.findAll([...new Set(credentials.map(({ authority }) => authority))]),
  ]);
  const known = new Map(authorities.map((authority) => [authority.id, authority]));
  const standing = (credential: Credential): Standing => {
    if (visited.has(credentialName(credential))) return { kind: 'known' };
    const serves = shelter(credential);
    // a dead credential that serves another consent is not listed: its descendants belong to that consent
    if (serves) return credential.state === 'dead' ? { kind: 'known' } : { kind: 'shared', serves };
    if (credential.state === 'dead') return { kind: 'passed' };
    const authority = known.get(credential.authority);
    return { kind: 'owed', covered: authority !== undefined && covers(authority, credential) };
  };
  return credentials.map((credential) => ({ credential, standing: standing(credential) }));
}

/** Reads each consent that these credentials name once. */
async function sheltersOf(
  planned: Case,
  credentials: readonly Credential[],
  deps: Standings,
): Promise<(credential: Credential) => ConsentRef | undefined> {
  const named = new Map(
    credentials.flatMap(({ consent }) => (consent ? [[consentName(consent), consent]] : [])),
  );
  if (named.size === 0) return () => undefined;
  const refs = [...named.values()];
  const ids = [...new Set(refs.map(({ id }) => id))];
  const [found, standing] = await Promise.all([
    // only the cut-off of a partner depends on the partner of a consent
    planned.subject.type === 'partner' ? deps.consents.findAll(refs) : [],
    Promise.all(ids.map((id) => deps.fences.find({ type: 'consent', id }))),
  ]);
  const consents = new Map(found.map((consent) => [consentName(consent), consent]));
  const fences = new Map(ids.map((id, index) => [id, standing[index]]));
  return (credential) => {
    const { consent } = credential;
    if (!consent) return undefined;
    return shelterOf(credential, planned, {
      fence: fences.get(consent.id),
      consent: consents.get(consentName(consent)),
    });
  };
}
