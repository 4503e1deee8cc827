import type { Authority } from '../domain/authority.ts';
import type { Case } from '../domain/case.ts';
import type { Credential } from '../domain/credential.ts';
import { collateralOf, revokesByGrant } from '../domain/decisions/collateral.ts';
import { type GrantRef, grantOf } from '../domain/delegation.ts';
import type { CaseId, CredentialId, CredentialRef } from '../domain/ids.ts';
import { grantMembersMax, walkEdges } from '../domain/limits.ts';
import { grantName } from '../domain/names.ts';
import type { RevokeOutcome } from '../domain/sighting.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Edges } from './plan/list-edges.ts';

export interface FindCollateral {
  readonly edges: Edges;
  readonly credentials: { findAll(refs: readonly CredentialRef[]): Promise<readonly Credential[]> };
  readonly cases: { find(id: CaseId): Promise<Case | undefined> };
}

/** What must not be revoked now, and why. */
export type Spared = ReadonlyMap<CredentialId, RevokeOutcome>;

/**
 * Finds those of a group whose revocation would end what lives outside the case, at an authority that revokes by grant. They wait for
 * a person, or for the walk where it is not over: it may still come to the others.
 */
export async function findCollateral(
  group: readonly Obligation[],
  credentials: readonly Credential[],
  authority: Authority,
  deps: FindCollateral,
): Promise<Spared> {
  const spared = new Map<CredentialId, RevokeOutcome>();
  if (!revokesByGrant(authority)) return spared;
  const members = new Map<string, Promise<readonly Credential[]>>();
  const membersOf = (grant: GrantRef): Promise<readonly Credential[]> => {
    const known = members.get(grantName(grant)) ?? listMembers(grant, deps);
    members.set(grantName(grant), known);
    return known;
  };
  const accepted = new Set(group.filter((one) => one.collateral === 'accepted').map(({ id }) => id));
  for (const credential of credentials) {
    const grant = grantOf(credential);
    if (!grant || accepted.has(credential.id)) continue;
    const others = collateralOf(credential, await membersOf(grant));
    if (others.length > 0) spared.set(credential.id, { kind: 'refused', because: 'collateral' });
  }
  const [first] = group;
  const of = spared.size > 0 && first ? await deps.cases.find(first.case) : undefined;
  if (of && of.cursors > 0)
    for (const id of spared.keys()) spared.set(id, { kind: 'unconfirmed', because: 'unplanned' });
  return spared;
}

/** What hangs on a grant, dead or alive: the first `grantMembersMax`, and the rest of their page. */
export async function listMembers(
  grant: GrantRef,
  deps: Pick<FindCollateral, 'edges' | 'credentials'>,
): Promise<readonly Credential[]> {
  const node = { kind: 'grant', authority: grant.authority, id: grant.grant } as const;
  const found: Credential[] = [];
  let after: string | undefined;
  do {
    const page = await deps.edges.page(node, after, walkEdges);
    if (page.refs.length > 0) found.push(...(await deps.credentials.findAll(page.refs)));
    after = page.next;
  } while (after !== undefined && found.length < grantMembersMax);
  return found;
}
