import type { LinkedCustomer } from '../../domain/inventory/customer.ts';
import { decideForgetting } from '../../domain/decisions/operate/forget.ts';
import type { CustomerId } from '../../domain/ids.ts';
import type { AnswerOf, OperateRequest } from '../../wire/operate.ts';
import { commitAndSend, type Recorder, stampOf } from '../flow.ts';
import { refusal } from './refusal.ts';

export interface Forget extends Recorder {
  readonly customers: { named(pseudonym: CustomerId): Promise<LinkedCustomer | undefined> };
}

/** Deletes the link between a customer and a pseudonym, for good. What is not linked is no error of who asks twice, and changes nothing. */
export async function forgetCustomer(
  { customer, reason }: Extract<OperateRequest, { command: 'forget' }>,
  by: string,
  deps: Forget,
): Promise<AnswerOf<'forgotten' | 'refused'>> {
  const linked = await deps.customers.named(customer);
  if (!linked)
    return refusal(
      'customer-unknown',
      `nobody is linked to ${customer}: rescind consent show has the pseudonyms, and what was forgotten has no link any more`,
    );
  // a failed condition: somebody else forgot it just now
  await commitAndSend(decideForgetting(linked, { by, reason }, stampOf(deps)), deps);
  return { kind: 'forgotten', customer };
}
