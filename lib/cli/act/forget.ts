import { type Ask, expecting } from '../door.ts';
import type { Report } from '../output.ts';
import { say } from '../printable.ts';

/** `rescind forget PSEUDONYM`: deletes the only link between a customer and a pseudonym. */
export async function forget(
  customer: string,
  { reason }: { readonly reason: string },
  ask: Ask,
): Promise<Report> {
  const forgotten = expecting(await ask({ command: 'forget', customer, reason }), 'forgotten');
  return {
    result: forgotten,
    lines: [
      say`forgotten ${forgotten.customer}`,
      'kept      consents, ledger and proofs, under a pseudonym that no longer identifies the customer',
    ],
  };
}
