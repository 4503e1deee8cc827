import { type CustomerId, customerId, type CustomerPrint } from '../ids.ts';

/**
 * The only link between a customer and what is kept of them: consents and the ledger know the pseudonym alone, which is random.
 * Without this row nobody finds the one from the other, and every proof stays as it is.
 */
export interface LinkedCustomer {
  readonly print: CustomerPrint;
  readonly pseudonym: CustomerId;
}

export const pseudonymOf = (id: string): CustomerId => customerId(`customer-${id}`);
