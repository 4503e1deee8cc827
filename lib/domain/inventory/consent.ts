import type { ConsentId, CustomerId, PartnerId } from '../ids.ts';

/** `withdrawn` at birth: a grant that arrived under a fence that was already raised. */
export type ConsentState = 'granted' | 'withdrawn';

/** A customer's permission to a partner, in one generation. Whether it still holds is the fence's word, not this row's. */
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
