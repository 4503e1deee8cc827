import { describe, expect, it } from 'vitest';
import { decideGrant } from '../../../../lib/domain/decisions/intake/grant.ts';
import { customerId } from '../../../../lib/domain/ids.ts';
import { entryOf, fenceOf, grantOf, only, stampOf } from '../../objects.ts';

const known = customerId('customer-7');

describe('decideGrant', () => {
  it('records a consent as granted, on condition that no fence stands over it', () => {
    const writes = decideGrant(grantOf({ generation: 3 }), {}, undefined, stampOf());
    expect(only(writes, 'add-consent')).toMatchObject([{ consent: { state: 'granted', generation: 3 } }]);
    expect(only(writes, 'require-no-fence')).toMatchObject([
      { subject: { type: 'partner', id: 'fintech' }, generation: 0 },
      { subject: { type: 'consent', id: 'consent-1' }, generation: 3 },
    ]);
  });

  it('grants above a fence of an earlier generation', () => {
    const writes = decideGrant(
      grantOf({ generation: 3 }),
      { consent: fenceOf({ generation: 2 }) },
      undefined,
      stampOf(),
    );
    expect(only(writes, 'add-consent')).toMatchObject([{ consent: { state: 'granted' } }]);
    expect(only(writes, 'require-no-fence')).toHaveLength(2);
  });

  it.each([3, 4])('is born withdrawn under a fence of generation %i', (generation) => {
    const writes = decideGrant(
      grantOf({ generation: 3 }),
      { consent: fenceOf({ generation }) },
      known,
      stampOf(),
    );
    expect(only(writes, 'add-consent')).toMatchObject([{ consent: { state: 'withdrawn' } }]);
    expect(entryOf(writes).changes).toEqual([{ item: 'consent/consent-1@3', from: null, to: 'withdrawn' }]);
  });

  it('demands a registered partner and an unseen signal', () => {
    const writes = decideGrant(grantOf(), {}, undefined, stampOf());
    expect(only(writes, 'require-partner')).toMatchObject([{ partner: 'fintech' }]);
    expect(only(writes, 'see-signal')).toMatchObject([{ signal: { id: 'event-1' } }]);
  });

  it('makes a random pseudonym for a customer who has none, and keeps the link beside the consent', () => {
    const writes = decideGrant(grantOf(), {}, undefined, stampOf());
    const [made] = only(writes, 'add-consent').map(({ consent }) => consent.customer);
    expect(only(writes, 'link-customer')).toEqual([
      { kind: 'link-customer', customer: { print: 'print', pseudonym: made } },
    ]);
    expect(made).toMatch(/^customer-id-/);
  });

  it('keeps the pseudonym that a customer has', () => {
    const writes = decideGrant(grantOf(), {}, known, stampOf());
    expect(only(writes, 'link-customer')).toEqual([]);
    expect(only(writes, 'add-consent')).toMatchObject([{ consent: { customer: known } }]);
  });

  it('names no fingerprint of a customer in the ledger', () => {
    const writes = decideGrant(grantOf(), {}, undefined, stampOf());
    expect(JSON.stringify(entryOf(writes))).not.toContain('print');
  });
});
