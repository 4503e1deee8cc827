import type { Authority } from '../../inventory/authority.ts';
import type { Credential } from '../../inventory/credential.ts';
import { grantOf, isIssuedBy } from '../../inventory/delegation.ts';
import { credentialName } from '../../names.ts';

/** Whether revoking one credential of a grant there ends the others. */
export const revokesByGrant = ({ collateral = 'grant' }: Pick<Authority, 'collateral'>): boolean =>
  collateral === 'grant';

/**
 * What would die beside a credential and is not meant to: the members of its grant that live, because no case is about them. An access
 * token that it issued is no such thing: it ends with it by nature (RFC 7009 section 2.1).
 */
export function collateralOf(credential: Credential, members: readonly Credential[]): readonly Credential[] {
  const name = credentialName(credential);
  return members.filter(
    (member) => member.state === 'live' && credentialName(member) !== name && !isIssuedBy(member, credential),
  );
}

/**
 * Of credentials that are tried together, those by whose revocation the others of their grant end too: the first of each grant in
 * the order that is given, and all that have none.
 */
export function leadersOf<One extends { readonly credential: Credential }>(
  inOrder: readonly One[],
): ReadonlySet<One> {
  const led = new Set<string>();
  return new Set(
    inOrder.filter(({ credential }) => {
      const grant = grantOf(credential);
      if (!grant) return true;
      // whoever holds them: the server ends the grant
      const isFirst = !led.has(grant.grant);
      led.add(grant.grant);
      return isFirst;
    }),
  );
}
