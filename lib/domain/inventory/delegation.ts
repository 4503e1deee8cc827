import type { Credential, CredentialKind } from './credential.ts';
import type { AuthorityId, CredentialRef, GrantId, PartnerId } from '../ids.ts';
import { credentialName, grantName } from '../names.ts';

/**
 * A grant of one partner at one authority: tokens belong to it, and many servers revoke by grant. The partner is part of its identity,
 * so a sender that names another partner's grant cannot reach that partner's credentials.
 */
export interface GrantRef {
  readonly authority: AuthorityId;
  readonly grant: GrantId;
  readonly partner: PartnerId;
}

/** A credential or grant that another credential grew out of: its parent, its predecessor, or its grant. */
export type Origin = CredentialRef | GrantRef;

// a `Credential` may have the member `grant` too: only a missing `id` identifies a grant
export const isGrant = (origin: Origin): origin is GrantRef => !('id' in origin);

export const originName = (origin: Origin): string =>
  isGrant(origin) ? grantName(origin) : credentialName(origin);

/** Returns the grant that a credential belongs to. */
export const grantOf = ({
  authority,
  grant,
  partner,
}: Pick<Credential, 'authority' | 'grant' | 'partner'>): GrantRef | undefined =>
  grant === undefined ? undefined : { authority, grant, partner };

/** Returns the ancestors of a credential, each once: its parent, the credential that it replaced, and its grant. */
export function originsOf(
  credential: Pick<Credential, 'authority' | 'grant' | 'partner' | 'parent' | 'replaces'>,
): readonly Origin[] {
  const { parent, replaces } = credential;
  const all = [parent, replaces, grantOf(credential)].flatMap((origin) => (origin ? [origin] : []));
  return [...new Map(all.map((origin) => [originName(origin), origin])).values()];
}

/** True where the token is an access token that was issued from the killed refresh token or grant, and therefore ends with it. */
export function isIssuedBy(
  token: Pick<Credential, 'kind' | 'partner' | 'consent'>,
  killed: { readonly kind: CredentialKind } & Pick<Credential, 'partner' | 'consent'>,
): boolean {
  return (
    (killed.kind === 'refresh_token' || killed.kind === 'grant') &&
    token.kind === 'access_token' &&
    token.partner === killed.partner &&
    token.consent?.id === killed.consent?.id &&
    token.consent?.generation === killed.consent?.generation
  );
}
