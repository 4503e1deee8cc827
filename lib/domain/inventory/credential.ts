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

/** Anything that lets someone call. */
export type CredentialKind = (typeof credentialKinds)[number];

/** `held` stands beside the state as a flag; seen alive after `dead` starts the next round. */
export type CredentialState = 'live' | 'condemned' | 'draining' | 'dead';

/** What may follow what, within one round. */
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
  /** The client that this key belongs to, where the operator registered it; never told by the bus. */
  readonly client?: ClientId | undefined;
  /** The one that it took the place of (RFC 6749 section 6). */
  readonly replaces?: CredentialRef | undefined;
  /** The one that it was exchanged for (RFC 8693), perhaps at another authority. */
  readonly parent?: CredentialRef | undefined;
  /** Compact JWE of the token, bound to {authority, partner, credential} by its protected header. */
  readonly handle?: string | undefined;
  /** Keyed fingerprint: HMAC-SHA-256 of the sender's SHA-256, hex. */
  readonly fingerprint?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** RFC 3339, as the sender told it. */
  readonly expiresAt?: string | undefined;
  readonly idleSeconds?: number | undefined;
  readonly state: CredentialState;
  readonly round: number;
  /** The first case whose walk came through it: whatever grows out of it later belongs there. An expiry of its own is no such case. */
  readonly condemnedBy?: CaseId | undefined;
}
