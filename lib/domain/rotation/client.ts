import type { AuthorityId, ClientId, CredentialId, PartnerId } from '../ids.ts';

/** The way in which a client's secret is rotated. Each strategy declares whether two secrets can be valid at once. */
export type RotationStrategy = 'private-key-jwt';

/** A partner's client at an authority, whose secret Rescind rotates, as an operator registered it. */
export interface Client {
  /** The operator's name for the client. Its secrets are named after it: see `keySecretOf`. */
  readonly id: ClientId;
  /** The operator numbers the registrations; the highest revision wins. */
  readonly revision: number;
  readonly partner: PartnerId;
  readonly authority: AuthorityId;
  readonly strategy: RotationStrategy;
  /** The `client_id` at the authority. */
  readonly clientId: string;
  /** `registration_client_uri` (RFC 7592 section 3). */
  readonly registrationUri: string;
  /** `kid` of the client's key at the time of registration. */
  readonly keyId: CredentialId;
  /** Both keys are valid for this long after the promotion of a new key. */
  readonly overlapSeconds: number;
  /** Time from one rotation to the next. */
  readonly everySeconds: number;
}

/** Returns the Secrets Manager name of a client's key: a JSON private JWK with `kid` and `alg`. Rotation is configured on this secret. */
export const keySecretOf = (id: string): string => `rescind/client/${id}/key`;

/** Returns the Secrets Manager name of a client's registration access token (RFC 7592 section 3). */
export const registrationSecretOf = (id: string): string => `rescind/client/${id}/registration`;
