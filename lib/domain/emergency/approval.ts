/**
 * A request of the first of two people that waits for the second. Each change that restores access takes two people. `digest` binds the
 * request to the exact change, so that the second person cannot be shown one change and approve another.
 */
export interface Approval {
  /** The requested change: `lift/<hold>`, `partner/<id>@<revision>`. */
  readonly what: string;
  readonly digest: string;
  readonly state: 'asked' | 'used';
  /** The operator who asked, as AWS names the caller. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}
