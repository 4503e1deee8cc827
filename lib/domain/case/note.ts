import type { ConsentRef } from '../inventory/credential.ts';
import type { CaseId, CredentialRef } from '../ids.ts';

/**
 * A credential that a walk came to and that is no obligation of its case. `shared`: it serves another consent that stands, so it is
 * listed and not killed. `passed`: it was dead already, and only what grew out of it matters.
 */
export interface Note extends CredentialRef {
  readonly case: CaseId;
  readonly shard: number;
  readonly as: 'shared' | 'passed';
  /** The consent that a shared one serves. */
  readonly serves?: ConsentRef | undefined;
}
