import { type CustomerId, customerId, type CustomerPrint } from '../ids.ts';

/**
 * The only link between a customer and their stored data. Consents and the ledger hold only the pseudonym, which is random.
 * When this row is deleted, nobody can find the customer from the pseudonym, and every proof stays valid.
 */
export interface LinkedCustomer {
  readonly print: CustomerPrint;
  readonly pseudonym: CustomerId;
}

export const pseudonymOf = (id: string): CustomerId => customerId(`customer-${id}`);
