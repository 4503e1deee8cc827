/**
 * What the first of two people asked for, waiting for the second: whatever gives access back takes both. Bound to the exact
 * thing by `digest`, so that the second cannot be shown one thing and approve another.
 */
export interface Approval {
  /** What is asked for: `lift/<hold>`, `partner/<id>@<revision>`. */
  readonly what: string;
  readonly digest: string;
  readonly state: 'asked' | 'used';
  /** The operator who asked, as AWS names the caller. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}
