import { describe, expect, it } from 'vitest';
import { readSettings } from '../../lib/stack/settings.ts';

const read = (context: Record<string, unknown>) => readSettings((name) => context[name]);

describe('readSettings', () => {
  it('has a default for everything', () => {
    expect(read({})).toEqual({
      senders: [{ source: 'bank.consents' }, { source: 'bank.tokens' }, { source: 'aggregator.tokens' }],
      egress: [],
      stage: 'dev',
    });
  });

  it('takes JSON from cdk.json and text from the command line alike', () => {
    const egress = [{ host: 'auth.bank.internal:8443', addresses: ['10.0.0.0/8'] }];
    expect(read({ egress }).egress).toEqual(egress);
    expect(read({ egress: JSON.stringify(egress) }).egress).toEqual(egress);
  });

  it.each([
    [{ senders: [] }, 'senders'],
    [{ senders: 'bank.consents' }, 'senders: must be JSON'],
    [{ senders: [{ account: '12', source: 'bank' }] }, 'senders.0.account'],
    [{ senders: [{ source: 'rescind' }] }, 'senders.0.source: must not be "rescind"'],
    [{ egress: [{ host: 'auth.bank.internal' }] }, 'egress.0.addresses'],
    [
      { egress: [{ host: 'https://auth.bank.internal', addresses: ['10.0.0.0/8'] }] },
      'egress: RESCIND_EGRESS',
    ],
    [{ egress: [{ host: 'auth.bank.internal', addresses: ['10.0.0.0/99'] }] }, '10.0.0.0/99'],
    [{ stage: 'Production 1' }, 'stage: must be 1 to 16 lower-case letters'],
    [{ stage: 7 }, 'stage'],
  ])('refuses %j and names the place', (context, place) => {
    expect(() => read(context)).toThrow(place);
  });

  it('says what to write instead', () => {
    expect(() => read({ senders: [] })).toThrow(
      `Write it in cdk.json under "context", or give -c senders='[{"account":"111122223333","source":"bank.consents"}]'.`,
    );
  });
});
