import type {
  AuthorityId,
  CaseId,
  ClientId,
  ConsentId,
  CredentialId,
  CredentialRef,
  GrantId,
  PartnerId,
} from '../ids.ts';

export const credentialKinds = [
  'refresh_token',
  'access_token',
  'grant',
  'api_key',
  'client_secret',
  'signing_key',
  'webhook',
] as const;

/** The kinds of credential: everything that lets a partner call an API. */
export type CredentialKind = (typeof credentialKinds)[number];

/** The state within a round. A hold is a flag and not a state. A credential that is seen active after `dead` starts the next round. */
export type CredentialState = 'live' | 'condemned' | 'draining' | 'dead';

/** The states that may follow each state, within one round. */
export const credentialTransitions = {
  live: ['condemned'],
  condemned: ['draining', 'dead'],
  draining: ['dead'],
  dead: [],
} as const satisfies Record<CredentialState, readonly CredentialState[]>;

/** A consent in one generation; the sender numbers generations from 1. */
export interface ConsentRef {
  readonly id: ConsentId;
  readonly generation: number;
}

export interface Credential {
  readonly authority: AuthorityId;
  readonly id: CredentialId;
  readonly kind: CredentialKind;
  readonly partner: PartnerId;
  readonly consent?: ConsentRef | undefined;
  readonly grant?: GrantId | undefined;
  /** The registered client that owns this key. Events from the bus never set it. */
  readonly client?: ClientId | undefined;
  /** The credential that this one replaced (RFC 6749 section 6). */
  readonly replaces?: CredentialRef | undefined;
  /** The credential that was exchanged for this one (RFC 8693), possibly at another authority. */
  readonly parent?: CredentialRef | undefined;
  /** Compact JWE of the token, bound to {authority, partner, credential} by its protected header. */
  readonly handle?: string | undefined;
  /** Keyed fingerprint: HMAC-SHA-256 of the sender's SHA-256, hex. */
  readonly fingerprint?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** RFC 3339, as the sender announced it. */
  readonly expiresAt?: string | undefined;
  readonly idleSeconds?: number | undefined;
  readonly state: CredentialState;
  readonly round: number;
  /**
   * The first case whose walk reached this credential. Descendants that arrive later belong to that case. A case about the credential's own
   * expiry does not count.
   */
  readonly condemnedBy?: CaseId | undefined;
}
