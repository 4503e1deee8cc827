import type { Credential, CredentialKind } from './credential.ts';
import type { AuthorityId } from './ids.ts';

/**
 * How Rescind stands to an authority: `operator` has a client of its own, privileged there to revoke and
 * introspect any token; `party` holds the client's own credentials (RFC 7009 servers refuse a non-owner).
 */
export type AuthorityRole = 'operator' | 'party';

/** An authorization server as the operator registered it; the bus never writes one. */
export interface Authority {
  readonly id: AuthorityId;
  /** The registrar's number; the highest wins. */
  readonly revision: number;
  readonly kind: 'oauth';
  readonly role: AuthorityRole;
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly auth: {
    readonly method: 'private_key_jwt';
    readonly clientId: string;
    /** Secrets Manager name of the client's key: a JSON private JWK with `kid` and `alg`. */
    readonly secretName: string;
  };
  readonly limits?:
    | {
        /** Calls in flight at once. */
        readonly concurrency?: number | undefined;
      }
    | undefined;
}

/** What the connector for each kind of authority can kill: the rest is uncovered, listed by name, and keeps its case open. */
const coverage = {
  oauth: ['refresh_token', 'access_token'],
} as const satisfies Record<Authority['kind'], readonly CredentialKind[]>;

/** A key is covered where the operator registered the client that it belongs to. */
export function covers(
  { kind }: Pick<Authority, 'kind'>,
  credential: Pick<Credential, 'kind' | 'client'>,
): boolean {
  if (credential.client !== undefined) return credential.kind === 'signing_key';
  return (coverage[kind] as readonly CredentialKind[]).includes(credential.kind);
}
