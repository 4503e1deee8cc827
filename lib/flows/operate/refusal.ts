import type { AnswerOf } from '../../wire/operate.ts';

/** Why an order was not carried out; nothing was changed. */
export const refusal = (code: RefusalCode, reason: string): AnswerOf<'refused'> => ({
  kind: 'refused',
  code,
  reason,
});

export type RefusalCode =
  | 'malformed'
  | 'partner-unknown'
  | 'authority-unknown'
  | 'client-unknown'
  | 'consent-unknown'
  | 'credential-unknown'
  | 'hold-unknown'
  | 'case-unknown'
  | 'customer-unknown'
  | 'obligation-unknown'
  /** None of the setting `targets`. */
  | 'regime-unknown'
  | 'plan-unknown'
  | 'plan-old'
  | 'request-reused'
  /** Credentials came since the plan. */
  | 'set-changed'
  | 'partner-changed'
  | 'too-many'
  | 'no-time'
  | 'cut-off-already'
  /** The case of the cut-off is not planned yet. */
  | 'cut-off-running'
  /** The URI is none of the authority's. */
  | 'foreign-uri'
  /** An endpoint that the egress setting never lets be called. */
  | 'unreachable'
  | 'case-closed'
  /** It is dead, or waived. */
  | 'ended-already'
  /** No collateral keeps it from being revoked. */
  | 'not-blocked'
  | 'held-already'
  | 'rotation-under-way'
  | 'key-changed'
  | 'conflict';
