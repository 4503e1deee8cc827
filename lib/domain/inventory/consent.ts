import type { ConsentId, CustomerId, PartnerId } from '../ids.ts';

/** A consent is `withdrawn` from the start where a fence already forbade it when its grant arrived. */
export type ConsentState = 'granted' | 'withdrawn';

/** A customer's permission to a partner, in one generation. The fence decides whether the consent is active, not this row. */
export interface Consent {
  readonly id: ConsentId;
  readonly generation: number;
  readonly partner: PartnerId;
  /** A pseudonym. */
  readonly customer: CustomerId;
  readonly scopes: readonly string[];
  /** RFC 3339. */
  readonly grantedAt: string;
  readonly expiresAt?: string | undefined;
  readonly state: ConsentState;
}
