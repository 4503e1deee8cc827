import type { CredentialKind } from '../inventory/credential.ts';
import type { AuthorityId, CaseId, ClientId, CredentialRef, PartnerId } from '../ids.ts';
import { spread } from '../spread.ts';

export type ObligationState = 'open' | 'draining' | 'dead' | 'waived';

/** The states that may follow each state, within one round. */
export const obligationTransitions = {
  open: ['draining', 'dead', 'waived'],
  draining: ['dead'],
  dead: [],
  waived: [],
} as const satisfies Record<ObligationState, readonly ObligationState[]>;

/** The result of an attempt. `refused` needs a person; with `unconfirmed` the credential must be assumed alive. */
export type Outcome = 'accepted' | 'already-gone' | 'refused' | 'unconfirmed';

/** The combined answer of all vantage points. */
export type Verdict = 'dead' | 'alive' | 'unknown';

/** The reason why a credential counts as dead: every vantage point refused it, or its lifetime has verifiably ended. */
export type Proof =
  | {
      readonly kind: 'refused';
      readonly vantages: readonly string[];
      /** The control that makes the negative answers count. */
      readonly control: 'seen-active-before' | 'canary';
      /** RFC 3339. */
      readonly at: string;
    }
  | { readonly kind: 'lapsed'; readonly deadBy: string; readonly at: string };

/** One credential that must die in a case. The obligation stays open until it is `dead` or `waived`. */
export interface Obligation extends CredentialRef {
  readonly case: CaseId;
  readonly shard: number;
  readonly kind: CredentialKind;
  readonly partner: PartnerId;
  /** The client that owns the key; see `Credential`. */
  readonly client?: ClientId | undefined;
  readonly state: ObligationState;
  readonly round: number;
  readonly attempts: number;
  /** RFC 3339. From this time on the chaser wakes a worker for the obligation. */
  readonly dueAt: string;
  /** No connector can revoke this credential at its authority. */
  readonly uncovered: boolean;
  /** Milliseconds since the epoch. A vantage point saw the credential active then: the positive control of a later negative. */
  readonly seenActiveAt?: number | undefined;
  /** RFC 3339. The credential cannot be revoked and expires by then, clock skew not included. */
  readonly deadBy?: string | undefined;
  /** An operator accepted that live credentials outside the case end with this one. */
  readonly collateral?: 'accepted' | undefined;
  /** Code of the last outcome, for operators. Absent before the first attempt. */
  readonly last?: string | undefined;
}

/** One chunk of work: the obligations of one case at one authority in one shard. */
export interface Chunk {
  readonly case: CaseId;
  readonly shard: number;
  readonly authority: AuthorityId;
}

/** Returns the shard of a case that holds a credential's obligation. It is the same on every path by which the walk reaches it. */
export function shardOf(ref: CredentialRef, shards: number): number {
  return spread(`${ref.authority}\n${ref.id}`, shards);
}
