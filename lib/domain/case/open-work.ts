import type { Case, Tally } from './case.ts';
import type { AuthorityId, CaseId } from '../ids.ts';

/** The rows of the sparse index: cases that are not closed, and obligations that are neither dead nor waived. */
export interface OpenRows {
  readonly cases: readonly CaseId[];
  /** Where credentials are owed, each once. */
  readonly authorities: readonly AuthorityId[];
  readonly obligations: number;
  /** Obligations that were due before a given time. */
  readonly overdue: number;
  /** True where the whole index was read. */
  readonly whole: boolean;
}

/** A case with the sum of its tallies. */
export interface CountedCase {
  readonly case: Case;
  readonly tally: Tally;
}

/** A count of rows. It is a lower bound where the reading stopped at its limit, and `whole` is false then. */
export interface Counted {
  readonly count: number;
  readonly whole: boolean;
}
