import type { LinkedCustomer } from '../../inventory/customer.ts';
import { customerName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** Deletes the only link between a customer and their pseudonym. Consents, ledger and proofs stay as they are. */
export function decideForgetting(
  customer: LinkedCustomer,
  who: { readonly by: string; readonly reason: string },
  stamp: Stamp,
): readonly Write[] {
  const writes: Write[] = [{ kind: 'forget-customer', customer }];
  return recorded(
    writes,
    { kind: 'forgotten', subject: customerName(customer.pseudonym), facts: { ...who } },
    stamp,
  );
}
