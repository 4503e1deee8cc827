/**
 * The authority's answer to a revocation. No answer is proof of death.
 * `because` is always one of Rescind's codes, never text from the authority.
 */
export type RevokeOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'already-gone' }
  /** No call was made for it: another credential of its grant was revoked, and this authority then ends the whole grant. */
  | { readonly kind: 'with-grant' }
  /** The authority cannot revoke this kind of credential (RFC 7009 section 2.2.1, `unsupported_token_type`). */
  | { readonly kind: 'unsupported' }
  /** A retry cannot work until a person acts: the authority refuses Rescind's client, or the request is malformed. */
  | { readonly kind: 'refused'; readonly because: string }
  /** The credential must be assumed alive: timeout, 429, 5xx, or an answer that does not parse. */
  | { readonly kind: 'unconfirmed'; readonly because: string };

/** The kinds of vantage point: the places where life can be observed. */
export type Vantage =
  | 'introspection'
  /** Introspection by a client that can see only its own tokens. */
  | 'introspection-as-party'
  /** A token request that authenticates with the key. */
  | 'token-endpoint';

/** An observation that makes a negative count: this credential itself was seen active, or a canary was. */
export type Control = 'seen-active-before' | 'canary';

/** The controls that make a negative of each vantage point count. */
export const controlsOf: Readonly<Record<Vantage, readonly Control[]>> = {
  introspection: ['seen-active-before', 'canary'],
  // a server also answers "inactive" for another client's token (RFC 7662 section 2.2): a canary shows that the server answers
  // us truthfully, not that this token belongs to our client
  'introspection-as-party': ['seen-active-before'],
  // `invalid_client` says that this client was refused, not why: the negative counts only where another key of the same client
  // is accepted at that time
  'token-endpoint': ['canary'],
};

/** The answer of one vantage point at one time, before any judgement. */
export interface Sighting {
  readonly vantage: Vantage;
  readonly answer: 'active' | 'inactive' | 'unknown';
  /** One of Rescind's codes: `active`, `inactive`, `timeout`, `http-503`, `not-json`, `invalid-client` ... */
  readonly because: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
