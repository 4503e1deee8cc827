import type { Credential, CredentialKind } from './credential.ts';
import type { AuthorityId, CredentialRef, GrantId, PartnerId } from '../ids.ts';
import { credentialName, grantName } from '../names.ts';

/**
 * What a customer's permission made for one partner at one authority: tokens hang on it, and many servers revoke by it. Whoever names
 * somebody else's grant reaches nothing of theirs.
 */
export interface GrantRef {
  readonly authority: AuthorityId;
  readonly grant: GrantId;
  readonly partner: PartnerId;
}

/** Something that a credential grew out of, beside its consent and partner. */
export type Origin = CredentialRef | GrantRef;

// a whole credential may name its grant too: only an id tells
export const isGrant = (origin: Origin): origin is GrantRef => !('id' in origin);

export const originName = (origin: Origin): string =>
  isGrant(origin) ? grantName(origin) : credentialName(origin);

/** The grant that a credential hangs on. */
export const grantOf = ({
  authority,
  grant,
  partner,
}: Pick<Credential, 'authority' | 'grant' | 'partner'>): GrantRef | undefined =>
  grant === undefined ? undefined : { authority, grant, partner };

/** All that a credential grew out of: the one it was exchanged for, the one whose place it took, its grant; each once. */
export function originsOf(
  credential: Pick<Credential, 'authority' | 'grant' | 'partner' | 'parent' | 'replaces'>,
): readonly Origin[] {
  const { parent, replaces } = credential;
  const all = [parent, replaces, grantOf(credential)].flatMap((origin) => (origin ? [origin] : []));
  return [...new Map(all.map((origin) => [originName(origin), origin])).values()];
}

/** Whether the death of the one is the natural end of the other: an access token that this refresh token, or its grant, brought forth. */
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
