import type { Authority } from '../../domain/inventory/authority.ts';
import type { Case } from '../../domain/case/case.ts';
import type { Credential } from '../../domain/inventory/credential.ts';
import { collateralOf, revokesByGrant } from '../../domain/decisions/walk/collateral.ts';
import { type GrantRef, grantOf } from '../../domain/inventory/delegation.ts';
import type { CaseId, CredentialId, CredentialRef } from '../../domain/ids.ts';
import { grantMembersMax, refreshesMax, walkEdges } from '../../domain/limits.ts';
import { credentialName, grantName } from '../../domain/names.ts';
import type { RevokeOutcome } from '../../domain/case/sighting.ts';
import type { Obligation } from '../../domain/case/obligation.ts';
import type { Edges } from './list-edges.ts';

export interface FindCollateral {
  readonly edges: Edges;
  readonly credentials: { findAll(refs: readonly CredentialRef[]): Promise<readonly Credential[]> };
  readonly cases: { find(id: CaseId): Promise<Case | undefined> };
}

/** Withheld credentials: they must not be revoked now, each with the reason. */
export type Spared = ReadonlyMap<CredentialId, RevokeOutcome>;

/**
 * Finds the credentials of a group whose revocation would also end live credentials outside the case, at an authority that revokes by
 * grant. They wait until an operator accepts the collateral. While the walk is not finished they wait for the walk, which may still
 * list the others in this case.
 */
export async function findCollateral(
  group: readonly Obligation[],
  credentials: readonly Credential[],
  authority: Authority,
  deps: FindCollateral,
): Promise<Spared> {
  const spared = new Map<CredentialId, RevokeOutcome>();
  if (!revokesByGrant(authority)) return spared;
  const members = new Map<string, readonly Credential[]>();
  const besides = async (credential: Credential): Promise<readonly Credential[]> => {
    const grant = grantOf(credential);
    const name = grant ? grantName(grant) : credentialName(credential);
    const known = members.get(name);
    if (known) return known;
    const found = await listBeside(credential, deps);
    // each grant, or each family of refreshes, is read once
    for (const key of grant ? [name] : found.map(credentialName)) members.set(key, found);
    return found;
  };
  const accepted = new Set(group.filter((one) => one.collateral === 'accepted').map(({ id }) => id));
  for (const credential of credentials) {
    if (credential.client !== undefined || accepted.has(credential.id)) continue;
    const others = collateralOf(credential, await besides(credential));
    if (others.length > 0) spared.set(credential.id, { kind: 'refused', because: 'collateral' });
  }
  const [first] = group;
  const of = spared.size > 0 && first ? await deps.cases.find(first.case) : undefined;
  // the order to cut a partner off includes its collateral: no sender can delay it by naming one of its grants
  if (of?.kind === 'emergency-ordered') return new Map();
  if (of && of.cursors > 0)
    for (const id of spared.keys()) spared.set(id, { kind: 'unconfirmed', because: 'unplanned' });
  return spared;
}

/**
 * Lists the credentials that a server may end together with this one: those of its grant, or, if the sender named no grant, those that
 * it was refreshed from or to.
 */
export async function listBeside(
  credential: Credential,
  deps: Pick<FindCollateral, 'edges' | 'credentials'>,
): Promise<readonly Credential[]> {
  const grant = grantOf(credential);
  return grant ? listMembers(grant, deps) : listRefreshes(credential, deps);
}

/** Lists the refreshes before and after a credential, at its authority: they belong to one grant (RFC 6749 section 6). */
async function listRefreshes(
  credential: Credential,
  deps: Pick<FindCollateral, 'edges' | 'credentials'>,
): Promise<readonly Credential[]> {
  const { authority } = credential;
  const found = new Map([[credentialName(credential), credential]]);
  for (const one of found.values()) {
    if (found.size >= refreshesMax) break;
    const { refs } = await deps.edges.page({ kind: 'children', authority, id: one.id }, undefined, walkEdges);
    const near = [...refs, ...(one.replaces ? [one.replaces] : [])].filter(
      (ref) => ref.authority === authority && !found.has(credentialName(ref)),
    );
    const rows = near.length === 0 ? [] : await deps.credentials.findAll(near);
    for (const row of rows)
      if (isRefreshOf(row, one) || isRefreshOf(one, row)) found.set(credentialName(row), row);
  }
  return [...found.values()];
}

const isRefreshOf = (one: Credential, of: Credential): boolean =>
  one.replaces !== undefined && credentialName(one.replaces) === credentialName(of);

/** Lists the credentials of a grant, dead or alive: the first `grantMembersMax`, and the rest of their page. */
async function listMembers(
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
