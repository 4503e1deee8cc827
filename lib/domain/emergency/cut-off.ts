import type { CaseId, CredentialRef, CutOffId, PartnerId } from '../ids.ts';

/**
 * The plan of a cut-off: the exact set of credentials that an operator was shown. Executing it revokes this set, and every credential
 * that arrives later and that the fence forbids.
 */
export interface CutOff {
  readonly id: CutOffId;
  readonly partner: PartnerId;
  /** The revision of the partner's registration. It becomes the generation of the fence. */
  readonly revision: number;
  readonly reason: string;
  /** The operator, as AWS names the caller. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  /** RFC 3339. The plan cannot be executed after this time. */
  readonly until: string;
  readonly state: 'ready' | 'executed';
  /** Number of credentials. */
  readonly count: number;
  /** Number of those credentials that no connector can revoke. */
  readonly uncovered: number;
  /** SHA-256 over the names of the credentials, in order: equal sets have equal digests. */
  readonly digest: string;
  /** The case; present once the plan is executed. */
  readonly case?: CaseId | undefined;
}

/** The credentials of a plan, in the order in which they were listed. */
export type CutOffSet = readonly CredentialRef[];
