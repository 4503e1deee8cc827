import type { ConsentRef } from '../inventory/credential.ts';
import type { CaseId, CredentialRef } from '../ids.ts';

/**
 * A credential that a walk reached and that is not an obligation of its case. `shared`: another active consent uses it, so it is
 * listed and not revoked. `passed`: it was already dead, and only its descendants matter.
 */
export interface Note extends CredentialRef {
  readonly case: CaseId;
  readonly shard: number;
  readonly as: 'shared' | 'passed';
  /** The active consent that uses a shared credential. */
  readonly serves?: ConsentRef | undefined;
}
