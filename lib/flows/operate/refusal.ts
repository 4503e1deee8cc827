import type { AnswerOf } from '../../wire/operate.ts';

/** The answer to an order that was not carried out, with the reason; nothing was changed. */
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
  /** The regime is not in the setting `targets`. */
  | 'regime-unknown'
  | 'plan-unknown'
  | 'plan-old'
  | 'request-reused'
  /** Credentials were announced since the plan was made. */
  | 'set-changed'
  | 'partner-changed'
  | 'too-many'
  | 'no-time'
  | 'cut-off-already'
  /** The walk of the cut-off's case is not finished. */
  | 'cut-off-running'
  /** The URI is not at the authority's host. */
  | 'foreign-uri'
  /** The egress setting forbids an endpoint. */
  | 'unreachable'
  | 'case-closed'
  /** The obligation is dead or waived. */
  | 'ended-already'
  /** The obligation does not wait for an operator to accept its collateral. */
  | 'not-blocked'
  | 'held-already'
  | 'rotation-under-way'
  | 'key-changed'
  | 'conflict';
