import type { CredentialKind } from '../inventory/credential.ts';
import type { AuthorityId, CaseId, ClientId, CredentialRef, PartnerId } from '../ids.ts';
import { spread } from '../spread.ts';

export type ObligationState = 'open' | 'draining' | 'dead' | 'waived';

/** What may follow what, within one round. */
export const obligationTransitions = {
  open: ['draining', 'dead', 'waived'],
  draining: ['dead'],
  dead: [],
  waived: [],
} as const satisfies Record<ObligationState, readonly ObligationState[]>;

/** What an attempt came to: `refused` needs a person, `unconfirmed` must be assumed alive. */
export type Outcome = 'accepted' | 'already-gone' | 'refused' | 'unconfirmed';

/** What the vantage points say together. */
export type Verdict = 'dead' | 'alive' | 'unknown';

/** Why a credential counts as dead: a probe was refused, or its life has verifiably lapsed. */
export type Proof =
  | {
      readonly kind: 'refused';
      readonly vantages: readonly string[];
      /** What makes the negative count. */
      readonly control: 'seen-active-before' | 'canary';
      /** RFC 3339. */
      readonly at: string;
    }
  | { readonly kind: 'lapsed'; readonly deadBy: string; readonly at: string };

/** One credential that must die in a case; open until `dead` or `waived`. */
export interface Obligation extends CredentialRef {
  readonly case: CaseId;
  readonly shard: number;
  readonly kind: CredentialKind;
  readonly partner: PartnerId;
  /** The client that the key belongs to; see `Credential`. */
  readonly client?: ClientId | undefined;
  readonly state: ObligationState;
  readonly round: number;
  readonly attempts: number;
  /** RFC 3339; the chaser wakes a worker for it from then on. */
  readonly dueAt: string;
  /** No connector speaks to its authority. */
  readonly uncovered: boolean;
  /** Milliseconds since the epoch; a vantage point saw it active then: the positive control of a later negative. */
  readonly seenActiveAt?: number | undefined;
  /** RFC 3339; it cannot be revoked and lapses by then, skew not included. */
  readonly deadBy?: string | undefined;
  /** A person decided that it dies although what lives outside the case dies with it. */
  readonly collateral?: 'accepted' | undefined;
  /** Code of the last outcome, for people; absent before the first attempt. */
  readonly last?: string | undefined;
}

/** One chunk of work: the obligations of one case at one authority in one shard. */
export interface Chunk {
  readonly case: CaseId;
  readonly shard: number;
  readonly authority: AuthorityId;
}

/** Which shard of a case holds a credential's obligation: the same for every path that leads to it. */
export function shardOf(ref: CredentialRef, shards: number): number {
  return spread(`${ref.authority}\n${ref.id}`, shards);
}
