/** How an authority has been answering the workers. An authority without a row is believed to answer. */
export interface AuthorityHealth {
  /** RFC 3339; the first failure after the last good answer. */
  readonly failingSince: string;
  /** RFC 3339; no call is made before this. */
  readonly pausedUntil: string;
  /** Pauses in a row. */
  readonly pauses: number;
  /** A code of ours for the last failure, such as `timeout` or `http-503`. */
  readonly because: string;
}
