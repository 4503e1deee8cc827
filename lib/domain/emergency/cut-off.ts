import type { CaseId, CredentialRef, CutOffId, PartnerId } from '../ids.ts';

/** What an operator was shown before cutting a partner off: the exact set. Executing it kills this set, and what arrives under the fence. */
export interface CutOff {
  readonly id: CutOffId;
  readonly partner: PartnerId;
  /** Of the partner's registration; the fence will bear this generation. */
  readonly revision: number;
  readonly reason: string;
  /** The operator, as AWS names the caller. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  /** RFC 3339; nobody executes it later. */
  readonly until: string;
  readonly state: 'ready' | 'executed';
  /** How many credentials, and how many of them no connector can kill. */
  readonly count: number;
  readonly uncovered: number;
  /** SHA-256 over the names of the credentials, in order: the same set has the same digest. */
  readonly digest: string;
  /** The case, once it is executed. */
  readonly case?: CaseId | undefined;
}

/** The credentials of a plan, in the order in which they were listed. */
export type CutOffSet = readonly CredentialRef[];
