import type { CaseState, Tally } from '../../lib/domain/case/case.ts';
import type { Cost } from './cost/cost.ts';

/** The last line of `npm start -- --json`. */
export interface Summary {
  /** Every claim was checked by a real call and holds. */
  readonly ok: boolean;
  /** Arrival of the withdrawal's PutEvents to the commit of the fence. */
  readonly effectMs: number | null;
  /** The same arrival to the commit of the last proof. */
  readonly completeMs: number | null;
  readonly cases: readonly CaseSummary[];
  readonly claims: readonly { readonly claim: string; readonly ok: boolean; readonly seen?: string }[];
  /** Credentials outside the case that still work, by real calls. */
  readonly bystandersAlive: number;
  /** Of all cases together; the share of each credential that died beside it. */
  readonly cost: Cost & { readonly perCredential: Cost | null };
}

/** One case of the story, as it was left. */
export interface CaseSummary extends Tally {
  readonly id: string;
  readonly state: CaseState;
  readonly uncoveredNames: readonly string[];
  readonly cost: Cost;
}
