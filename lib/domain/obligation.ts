import type { CredentialKind } from './credential.ts';
import type { CaseId, CredentialRef, PartnerId } from './ids.ts';

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
}

/** Which shard of a case holds a credential's obligation: the same for every path that leads to it. */
export function shardOf(ref: CredentialRef, shards: number): number {
  // FNV-1a over UTF-16 code units: spread, not secrecy
  let hash = 0x811c9dc5;
  for (const unit of `${ref.authority}\n${ref.id}`) {
    hash ^= unit.charCodeAt(0);
    hash = Math.imul(hash, 0x01000193) >>> 0;
  }
  return hash % shards;
}
