import type { Credential, CredentialKind } from './credential.ts';
import type { AuthorityId } from '../ids.ts';

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
  readonly auth: AuthorityAuth;
  /**
   * Whether revoking one token there ends the others of its grant too (RFC 7009 section 2.1 leaves that to the server):
   * `none` promises that it ends that token alone.
   * @default 'grant'
   */
  readonly collateral?: Collateral | undefined;
  readonly limits?:
    | {
        /** Calls in flight at once. */
        readonly concurrency?: number | undefined;
        /** Calls begun in one second. @default no limit */
        readonly perSecond?: number | undefined;
      }
    | undefined;
}

/**
 * How Rescind stands to an authority: `operator` has a client of its own, privileged there to revoke and introspect any
 * token; `party` holds a client's own credentials, and can revoke and see that client's tokens alone (RFC 7009 section 2.1,
 * RFC 7662 section 2.2).
 */
export type AuthorityRole = 'operator' | 'party';

/** How Rescind shows an authority which client it is (RFC 6749 section 2.3, RFC 7523 section 2.2). */
export type AuthorityAuth =
  | {
      readonly method: 'private_key_jwt';
      readonly clientId: string;
      /** Secrets Manager name of the client's key: a JSON private JWK with `kid` and `alg`. */
      readonly secretName: string;
      /** Whom an assertion is for: RFC 7523bis and FAPI want the issuer, older servers their token endpoint. @default 'issuer' */
      readonly audience?: AssertionAudience | undefined;
    }
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post';
      readonly clientId: string;
      /** Secrets Manager name of the client's secret: the bare value, or JSON `{"client_secret": "..."}`. */
      readonly secretName: string;
    };

export type AssertionAudience = 'issuer' | 'token-endpoint';

export type Collateral = 'grant' | 'none';

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
