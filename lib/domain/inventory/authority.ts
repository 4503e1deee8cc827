import type { Credential, CredentialKind } from './credential.ts';
import type { AuthorityId } from '../ids.ts';

/** An authorization server, as an operator registered it. Events from the bus never write this row. */
export interface Authority {
  readonly id: AuthorityId;
  /** The operator numbers the registrations; the highest revision wins. */
  readonly revision: number;
  readonly kind: 'oauth';
  readonly role: AuthorityRole;
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly auth: AuthorityAuth;
  /**
   * The effect of revoking one token: `grant` may end the other tokens of its grant too, `none` ends only that token.
   * RFC 7009 section 2.1 leaves that to the server.
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
 * The role of Rescind at an authority. `operator`: Rescind has a client of its own there, with the privilege to revoke and
 * introspect any token. `party`: Rescind holds the client's own credentials, and can revoke and see only that client's tokens
 * (RFC 7009 section 2.1, RFC 7662 section 2.2).
 */
export type AuthorityRole = 'operator' | 'party';

/** How Rescind authenticates to an authority (RFC 6749 section 2.3, RFC 7523 section 2.2). */
export type AuthorityAuth =
  | {
      readonly method: 'private_key_jwt';
      readonly clientId: string;
      /** Secrets Manager name of the client's key: a JSON private JWK with `kid` and `alg`. */
      readonly secretName: string;
      /** The audience of an assertion: RFC 7523bis and FAPI require the issuer, older servers their token endpoint. @default 'issuer' */
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

/** The kinds that the connector of each authority can revoke. All others are uncovered: listed by name, and their case stays open. */
const coverage = {
  oauth: ['refresh_token', 'access_token'],
} as const satisfies Record<Authority['kind'], readonly CredentialKind[]>;

/** True where a connector can revoke the credential. A key is covered where its client is registered. */
export function covers(
  { kind }: Pick<Authority, 'kind'>,
  credential: Pick<Credential, 'kind' | 'client'>,
): boolean {
  if (credential.client !== undefined) return credential.kind === 'signing_key';
  return (coverage[kind] as readonly CredentialKind[]).includes(credential.kind);
}
