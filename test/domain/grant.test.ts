import { describe, expect, it } from 'vitest';
import { decideGrant } from '../../lib/domain/decisions/grant.ts';
import { entryOf, fenceOf, grantOf, only, stampOf } from './objects.ts';

describe('decideGrant', () => {
  it('records a consent as granted, on condition that no fence stands over it', () => {
    const writes = decideGrant(grantOf({ generation: 3 }), {}, stampOf());
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
      stampOf(),
    );
    expect(only(writes, 'add-consent')).toMatchObject([{ consent: { state: 'granted' } }]);
    expect(only(writes, 'require-no-fence')).toHaveLength(2);
  });

  it.each([3, 4])('is born withdrawn under a fence of generation %i', (generation) => {
    const writes = decideGrant(grantOf({ generation: 3 }), { consent: fenceOf({ generation }) }, stampOf());
    expect(only(writes, 'add-consent')).toMatchObject([{ consent: { state: 'withdrawn' } }]);
    expect(entryOf(writes).changes).toEqual([{ item: 'consent/consent-1@3', from: null, to: 'withdrawn' }]);
  });

  it('demands a registered partner and an unseen signal', () => {
    const writes = decideGrant(grantOf(), {}, stampOf());
    expect(only(writes, 'require-partner')).toMatchObject([{ partner: 'fintech' }]);
    expect(only(writes, 'see-signal')).toMatchObject([{ signal: { id: 'event-1' } }]);
  });

  it('names no customer in the ledger', () => {
    const writes = decideGrant(grantOf(), {}, stampOf());
    expect(JSON.stringify(entryOf(writes))).not.toContain('customer-1');
  });
});
