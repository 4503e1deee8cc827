import type { Credential, CredentialKind } from '../../inventory/credential.ts';

/**
 * The turn of each kind, lowest first. Refresh tokens come first: revoking one often ends its access tokens too, and no server
 * promises the reverse (RFC 7009 section 2.1). A kind without a turn does not compile, because it would be probed and never revoked.
 */
const turnOf = {
  refresh_token: 1,
  access_token: 2,
  grant: 3,
  api_key: 4,
  webhook: 4,
  client_secret: 5,
  signing_key: 5,
} as const satisfies Readonly<Record<CredentialKind, number>>;

const turns = [...new Set(Object.values(turnOf))].toSorted((one, other) => one - other);

/** Splits credentials into the groups that are revoked one after the other. Each is in exactly one group; no group is empty. */
export function inKillOrder<One extends { readonly credential: Pick<Credential, 'kind'> }>(
  some: readonly One[],
): readonly (readonly One[])[] {
  return turns
    .map((turn) => some.filter(({ credential }) => turnOf[credential.kind] === turn))
    .filter((group) => group.length > 0);
}
