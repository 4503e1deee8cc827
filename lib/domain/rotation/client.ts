import type { AuthorityId, ClientId, CredentialId, PartnerId } from '../ids.ts';

/** How a client's secret is rotated; each strategy says for itself whether two secrets may work at once. */
export type RotationStrategy = 'private-key-jwt';

/** A partner's client at an authority whose secret is rotated, as the operator registered it. */
export interface Client {
  /** The operator's name for it, which also names its secrets: see `keySecretOf`. */
  readonly id: ClientId;
  /** The registrar's number; the highest wins. */
  readonly revision: number;
  readonly partner: PartnerId;
  readonly authority: AuthorityId;
  readonly strategy: RotationStrategy;
  /** The `client_id` at the authority. */
  readonly clientId: string;
  /** `registration_client_uri` (RFC 7592 section 3). */
  readonly registrationUri: string;
  /** `kid` of the key that the client has when it is registered here. */
  readonly keyId: CredentialId;
  /** Both keys work for this long after a new one was promoted. */
  readonly overlapSeconds: number;
  /** From one rotation to the next. */
  readonly everySeconds: number;
}

/** Secrets Manager name of the client's key: a JSON private JWK with `kid` and `alg`. Rotation is configured on this one. */
export const keySecretOf = (id: string): string => `rescind/client/${id}/key`;

/** Secrets Manager name of its registration access token (RFC 7592 section 3). */
export const registrationSecretOf = (id: string): string => `rescind/client/${id}/registration`;
