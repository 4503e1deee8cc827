import type { CredentialKind } from '../domain/credential.ts';
import type { CredentialRef } from '../domain/ids.ts';
import type { Secret } from '../domain/secret.ts';

/** What a connector is asked to kill or look at. */
export interface Target extends CredentialRef {
  readonly kind: CredentialKind;
  /** The raw value, decrypted from its handle; absent where the authority works by reference. */
  readonly token?: Secret;
}

/**
 * What the authority answered to a revocation. None of them is proof of death.
 * `because` is a code of ours, never a text of the authority's.
 */
export type RevokeOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'already-gone' }
  /** This kind of credential cannot be revoked there (RFC 7009 section 2.2.1 `unsupported_token_type`). */
  | { readonly kind: 'unsupported' }
  /** Will not work until a person acts: our client is refused, the request is malformed. */
  | { readonly kind: 'refused'; readonly because: string }
  /** Must be assumed alive: timeout, 429, 5xx, an answer that does not parse. */
  | { readonly kind: 'unconfirmed'; readonly because: string };

/** What one vantage point answered at one time, before any judgement. */
export interface Sighting {
  readonly vantage: 'introspection';
  readonly answer: 'active' | 'inactive' | 'unknown';
  /** A code of ours: `active`, `inactive`, `timeout`, `http-503`, `not-json`, `invalid-client` ... */
  readonly because: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

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
