import type { CredentialKind } from '../domain/inventory/credential.ts';
import type { CredentialRef } from '../domain/ids.ts';
import type { Secret } from '../domain/secret.ts';
import type { RevokeOutcome, Sighting } from '../domain/case/sighting.ts';

/** What a connector is asked to kill or look at. */
export interface Target extends CredentialRef {
  readonly kind: CredentialKind;
  /** The raw value, decrypted from its handle; absent where the authority works by reference. */
  readonly token?: Secret;
}

export type { RevokeOutcome, Sighting };

/** One kind of authority: verbs that may be called twice and never throw for what the authority does. */
export interface Connector {
  revoke(target: Target): Promise<RevokeOutcome>;
  /** Looks from every vantage point that this connector has. */
  probe(target: Target): Promise<readonly Sighting[]>;
  /**
   * The positive control: mints a canary of our own, sees it active, revokes it.
   * Gives the time at which the canary answered active, or undefined when it did not.
   */
  seeCanary(): Promise<number | undefined>;
}
