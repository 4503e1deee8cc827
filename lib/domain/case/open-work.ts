import type { Case, Tally } from './case.ts';
import type { AuthorityId, CaseId } from '../ids.ts';

/** What is in the sparse index: cases that are not closed, obligations that are neither dead nor waived. */
export interface OpenRows {
  readonly cases: readonly CaseId[];
  /** Where credentials are owed, each once. */
  readonly authorities: readonly AuthorityId[];
  readonly obligations: number;
  /** Obligations that were due before a given time. */
  readonly overdue: number;
  /** Whether nothing was left unread. */
  readonly whole: boolean;
}

/** A case with the sum of its tallies. */
export interface CountedCase {
  readonly case: Case;
  readonly tally: Tally;
}

/** A count that stopped where it was bounded is a lower bound. */
export interface Counted {
  readonly count: number;
  readonly whole: boolean;
}
