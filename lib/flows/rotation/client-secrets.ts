import type { ClientId } from '../../domain/ids.ts';
import type { Secret } from '../../domain/secret.ts';

/** Staging labels of Secrets Manager: the key in use, the one before it, and the one that a rotation makes. */
export type Stage = 'AWSCURRENT' | 'AWSPREVIOUS' | 'AWSPENDING';

export interface KeyVersions {
  readonly rotationEnabled: boolean;
  /** Labels by version id, which is the token that made the version; versions without labels are left out. */
  readonly stages: ReadonlyMap<string, readonly string[]>;
}

/** The versions of a client's key; `id` is the secret's name or ARN. */
export interface KeySecrets {
  /** Undefined: there is no such secret. */
  describe(id: string): Promise<KeyVersions | undefined>;
  /** Undefined: no such version, or one that has no value yet. */
  read(id: string, version: { readonly stage: Stage; readonly token?: string }): Promise<Secret | undefined>;
  /** Stores the value of a version; `taken`: it has another value, which stays. */
  putPending(id: string, token: string, value: Secret): Promise<'put' | 'taken'>;
  /** Moves AWSCURRENT; `moved`: it is no longer on `from`, and nothing was changed. */
  promote(id: string, move: { readonly from: string; readonly to: string }): Promise<'promoted' | 'moved'>;
}

/** The registration access tokens of clients (RFC 7592 section 3), each in a secret of its own. */
export interface RegistrationTokens {
  /** Reads past every cache. */
  read(client: ClientId): Promise<Secret | undefined>;
  keep(client: ClientId, token: Secret): Promise<void>;
}

/** Has Secrets Manager rotate a secret. */
export interface RotationStarter {
  /** Starts or continues the rotation with this token; `other-pending`: another rotation is not complete. */
  rotate(id: string, token: string): Promise<'asked' | 'other-pending'>;
}
