import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../../../lib/aws/dynamodb/readers/registry.ts';
import { decideGrant } from '../../../lib/domain/decisions/intake/grant.ts';
import { consentId, type CustomerId, customerId, customerPrint, partnerId } from '../../../lib/domain/ids.ts';
import { forgetCustomer } from '../../../lib/flows/operate/forget.ts';
import { fresh, startTables, tables, type World } from '../../aws/world.ts';
import { grantOf, partnerOf, stampOf } from '../../domain/objects.ts';

let world: World;
let rows: ReturnType<typeof registry>;
beforeAll(async () => {
  world = await startTables();
  rows = registry(world.client, tables.registry);
  await world.given({
    kind: 'register-partner',
    partner: partnerOf({ id: partnerId('fintech') }),
    from: null,
  });
});
afterAll(() => world.close());

let ids = 0;
const newId = () => fresh(`id-${(ids += 1)}`);
const deps = () => ({
  ...rows,
  commit: world.commit,
  send: async () => {},
  now: () => world.clock.now(),
  newId,
  log: { info: () => {}, warn: () => {}, error: () => {} },
});

/** Grants a consent of this customer through intake; returns the pseudonym in its row. */
async function grant(print: string): Promise<CustomerId> {
  const id = consentId(fresh('consent'));
  const told = grantOf({ id });
  const customer = customerPrint(print);
  const known = await rows.customers.find(customer);
  const signal = { ...told, key: { ...told.key, id }, consent: { ...told.consent, customer } };
  await world.given(...decideGrant(signal, {}, known?.pseudonym, { ...stampOf(), newId }));
  const consent = await rows.consents.find(id, 1);
  if (!consent) throw new Error('the consent was not granted');
  return consent.customer;
}

const forget = (customer: CustomerId) =>
  forgetCustomer(
    { command: 'forget', customer, reason: 'asked for it' },
    'arn:aws:iam::1:user/alice',
    deps(),
  );

describe('a customer', () => {
  it('has one pseudonym in all consents', async () => {
    const print = fresh('print');
    expect(await grant(print)).toBe(await grant(print));
    expect(await grant(fresh('print'))).not.toBe(await grant(print));
  });

  it('who is forgotten is found neither by id nor by pseudonym, and gets a new pseudonym afterwards', async () => {
    const print = fresh('print');
    const pseudonym = await grant(print);
    expect(await forget(pseudonym)).toEqual({ kind: 'forgotten', customer: pseudonym });
    expect(await rows.customers.find(customerPrint(print))).toBeUndefined();
    expect(await rows.customers.named(pseudonym)).toBeUndefined();
    expect(await world.snapshot()).not.toContain(print);
    expect(await grant(print)).not.toBe(pseudonym);
  });

  it('who is forgotten leaves consents and entries unchanged: a proof holds without the link', async () => {
    const pseudonym = await grant(fresh('print'));
    const read = async () =>
      (JSON.parse(await world.snapshot()) as [string, string[]][]).map(
        ([table, found]) => [table, found.filter((row) => !/"(customer|pseudonym)#/.test(row))] as const,
      );
    const before = await read();
    await forget(pseudonym);
    const after = new Map(await read());
    for (const [table, found] of before) expect(after.get(table)).toEqual(expect.arrayContaining(found));
  });

  it('who is already forgotten is refused, and nothing changes', async () => {
    const pseudonym = await grant(fresh('print'));
    await forget(pseudonym);
    const before = await world.snapshot();
    expect(await forget(pseudonym)).toMatchObject({ kind: 'refused', code: 'customer-unknown' });
    expect(await forget(customerId('customer-nobody'))).toMatchObject({ kind: 'refused' });
    expect(await world.snapshot()).toBe(before);
  });
});
