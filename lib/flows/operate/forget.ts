import type { LinkedCustomer } from '../../domain/inventory/customer.ts';
import { decideForgetting } from '../../domain/decisions/operate/forget.ts';
import type { CustomerId } from '../../domain/ids.ts';
import type { AnswerOf, OperateRequest } from '../../wire/operate.ts';
import { commitAndSend, type Recorder, stampOf } from '../flow.ts';
import { refusal } from './refusal.ts';

export interface Forget extends Recorder {
  readonly customers: { named(pseudonym: CustomerId): Promise<LinkedCustomer | undefined> };
}

/** Deletes the link between a customer and a pseudonym, permanently. A pseudonym without a link is refused, and nothing changes. */
export async function forgetCustomer(
  { customer, reason }: Extract<OperateRequest, { command: 'forget' }>,
  by: string,
  deps: Forget,
): Promise<AnswerOf<'forgotten' | 'refused'>> {
  const linked = await deps.customers.named(customer);
  if (!linked)
    return refusal(
      'customer-unknown',
      `no customer is linked to ${customer}: it is forgotten already, or the pseudonym is wrong (rescind consent show prints it)`,
    );
  // a failed commit means that a concurrent order deleted the link
  await commitAndSend(decideForgetting(linked, { by, reason }, stampOf(deps)), deps);
  return { kind: 'forgotten', customer };
}
