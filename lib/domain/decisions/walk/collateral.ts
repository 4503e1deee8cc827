import type { Authority } from '../../inventory/authority.ts';
import type { Credential } from '../../inventory/credential.ts';
import { grantOf, isIssuedBy } from '../../inventory/delegation.ts';
import { credentialName } from '../../names.ts';

/** True where the authority ends a whole grant when one of its credentials is revoked. */
export const revokesByGrant = ({ collateral = 'grant' }: Pick<Authority, 'collateral'>): boolean =>
  collateral === 'grant';

/**
 * Returns the collateral of a credential: the live members of its grant, which would end with it although no case is about them. Access
 * tokens that it issued are not collateral, because they belong to it (RFC 7009 section 2.1).
 */
export function collateralOf(credential: Credential, members: readonly Credential[]): readonly Credential[] {
  const name = credentialName(credential);
  return members.filter(
    (member) => member.state === 'live' && credentialName(member) !== name && !isIssuedBy(member, credential),
  );
}

/**
 * Returns the credentials that need a revocation call of their own: the first of each grant in the given order, whose revocation ends
 * the others of the grant, and every credential without a grant.
 */
export function leadersOf<One extends { readonly credential: Credential }>(
  inOrder: readonly One[],
): ReadonlySet<One> {
  const led = new Set<string>();
  return new Set(
    inOrder.filter(({ credential }) => {
      const grant = grantOf(credential);
      if (!grant) return true;
      // the partner does not matter: the server ends the whole grant
      const isFirst = !led.has(grant.grant);
      led.add(grant.grant);
      return isFirst;
    }),
  );
}
