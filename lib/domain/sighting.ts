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

/** From where life is seen. */
export type Vantage = 'introspection' | 'token-endpoint';

/**
 * What makes a negative of a vantage point count. `invalid_client` at a token endpoint says that this client does not get in,
 * not why: only another key of the same client, accepted at that time, vouches for it.
 */
export const controlsOf = {
  introspection: ['seen-active-before', 'canary'],
  'token-endpoint': ['canary'],
} as const satisfies Record<Vantage, readonly ('seen-active-before' | 'canary')[]>;

/** What one vantage point answered at one time, before any judgement. */
export interface Sighting {
  /** `token-endpoint`: a key was used there, to authenticate. */
  readonly vantage: Vantage;
  readonly answer: 'active' | 'inactive' | 'unknown';
  /** A code of ours: `active`, `inactive`, `timeout`, `http-503`, `not-json`, `invalid-client` ... */
  readonly because: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
