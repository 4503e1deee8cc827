/**
 * What the authority answered to a revocation. None of them is proof of death.
 * `because` is a code of ours, never a text of the authority's.
 */
export type RevokeOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'already-gone' }
  /** Not called for it: another of its grant was revoked, and that ends it there. */
  | { readonly kind: 'with-grant' }
  /** This kind of credential cannot be revoked there (RFC 7009 section 2.2.1 `unsupported_token_type`). */
  | { readonly kind: 'unsupported' }
  /** Will not work until a person acts: our client is refused, the request is malformed. */
  | { readonly kind: 'refused'; readonly because: string }
  /** Must be assumed alive: timeout, 429, 5xx, an answer that does not parse. */
  | { readonly kind: 'unconfirmed'; readonly because: string };

/** From where life is seen. */
export type Vantage =
  | 'introspection'
  /** By a client that sees its own tokens only. */
  | 'introspection-as-party'
  /** A key was used there, to authenticate. */
  | 'token-endpoint';

/** What can make a negative count: this very credential was seen active, or something else of ours was. */
export type Control = 'seen-active-before' | 'canary';

/** Which controls make a negative of a vantage point count. */
export const controlsOf: Readonly<Record<Vantage, readonly Control[]>> = {
  introspection: ['seen-active-before', 'canary'],
  // "inactive" is also said of a token of somebody else's (RFC 7662 section 2.2): a canary shows that we are heard, not that
  // this token is ours
  'introspection-as-party': ['seen-active-before'],
  // `invalid_client` says that this client does not get in, not why: only another key of the same client, accepted at that
  // time, vouches for it
  'token-endpoint': ['canary'],
};

/** What one vantage point answered at one time, before any judgement. */
export interface Sighting {
  readonly vantage: Vantage;
  readonly answer: 'active' | 'inactive' | 'unknown';
  /** A code of ours: `active`, `inactive`, `timeout`, `http-503`, `not-json`, `invalid-client` ... */
  readonly because: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
