import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../lib/stack/settings/read-settings.ts';
import { heardSenders } from '../../../lib/stack/settings/senders.ts';
import { unbundledApp } from '../unbundled.ts';

const bank = { source: 'bank', principals: ['role/tokens'], partners: '*', authorities: ['bank'] };

describe('readSettings', () => {
  it('has a default for everything that is not optional', () => {
    const { senders, ...rest } = readSettings({});
    expect(senders.map(({ source, principals }) => [source, principals])).toEqual([
      ['bank.consents', ['role/bank-consents']],
      ['bank.tokens', ['role/bank-tokens']],
      ['aggregator.tokens', ['role/aggregator-tokens']],
    ]);
    expect(rest).toEqual({
      stage: 'dev',
      egress: [],
      targets: { default: { effectSeconds: 60, completeMinutes: 60 } },
      limits: { signalsAtOnce: 50, plansAtOnce: 20, obligationsAtOnce: 50 },
      retention: { logDays: 365 },
    });
  });

  it('takes JSON from cdk.json and text from the command line alike', () => {
    const egress = [{ host: 'auth.bank.internal:8443', addresses: ['10.0.0.0/8'] }];
    const limits = { plansAtOnce: 5 };
    expect(readSettings({ egress, limits })).toEqual(
      readSettings({ egress: JSON.stringify(egress), limits: JSON.stringify(limits) }),
    );
    expect(readSettings({ egress, limits }).limits).toEqual({
      signalsAtOnce: 50,
      plansAtOnce: 5,
      obligationsAtOnce: 50,
    });
  });

  it.each([
    [{ senders: [] }, 'senders'],
    [{ senders: 'bank.consents' }, 'senders: Invalid input: expected array'],
    [{ senders: [{ ...bank, account: '12' }] }, 'senders.0.account'],
    [{ senders: [{ ...bank, source: 'rescind' }] }, 'senders.0.source: must not be "rescind"'],
    [{ senders: [{ ...bank, source: 'aws.ec2' }] }, 'senders.0.source: must not begin with "aws."'],
    [{ senders: [{ ...bank, source: 'bank*' }] }, 'senders.0.source: must be 1 to 64 letters'],
    [{ senders: [{ ...bank, principals: [] }] }, 'senders.0.principals'],
    [{ senders: [{ ...bank, principals: ['role/*'] }] }, 'senders.0.principals.0: must be role/<path'],
    [{ senders: [{ source: 'bank', principals: ['role/a'] }] }, 'senders.0.partners: must be "*", or a list'],
    [{ senders: [{ ...bank, authorities: 'bank' }] }, 'senders.0.authorities: must be "*", or a list'],
    [{ senders: [{ ...bank, partner: 'acme' }] }, 'Unrecognized key: "partner"'],
    [{ senders: [bank, { ...bank, partners: ['acme'] }] }, 'senders.1: lists account and source'],
    [
      { senders: [{ ...bank, partners: Array.from({ length: 300 }, (_, n) => `partner-${n}`) }] },
      'of 2000 bytes',
    ],
    [
      { senders: [{ ...bank, principals: Array.from({ length: 21 }, (_, n) => `role/${n}`) }] },
      'must be 20 at most',
    ],
    [
      { senders: Array.from({ length: 30 }, (_, n) => ({ ...bank, source: `s${n}` })) },
      'of 10240 bytes: have fewer sources',
    ],
    [{ senders: [{ ...bank, partners: ['acme '] }] }, 'senders.0.partners.0: must be 1 to 128 printable'],
    [{ egress: [{ host: 'a.b', addresses: ['10.0.0.0/8'], CA: 'x' }] }, 'Unrecognized key: "CA"'],
    [
      {
        targets: Object.fromEntries(
          Array.from({ length: 21 }, (_, n) => [`r${n}`, { effectSeconds: 60, completeMinutes: 60 }]),
        ),
      },
      'must be 20 regimes at most',
    ],
    [{ 'alarm.address': 'a@b.example' }, '"alarm.address" is no setting'],
    [{ egress: [{ host: 'auth.bank.internal' }] }, 'egress.0.addresses'],
    [
      { egress: [{ host: 'https://auth.bank.internal', addresses: ['10.0.0.0/8'] }] },
      'egress: RESCIND_EGRESS',
    ],
    [{ egress: [{ host: 'auth.bank.internal', addresses: ['10.0.0.0/99'] }] }, '10.0.0.0/99'],
    [{ stage: 'Production 1' }, 'stage: must be 1 to 16 lower-case letters'],
    [{ stage: 7 }, 'stage'],
    [{ alarmAddress: 'on-call' }, 'alarmAddress: must be an e-mail address'],
    [{ targets: { cdr: { effectSeconds: 30, completeMinutes: 15 } } }, 'targets: must have "default"'],
    [{ targets: { default: { effectSeconds: 60 } } }, 'targets.default.completeMinutes'],
    [{ limits: { signalsAtOnce: 1 } }, 'limits.signalsAtOnce: must be 2 to 1000'],
    [{ limits: { signals: 5 } }, 'Unrecognized key: "signals"'],
    [{ retention: { logDays: 31 } }, 'retention.logDays: must be one of 1, 3, 5, 7,'],
    [{ retention: { logDays: 9999 } }, 'retention.logDays: must be one of'],
    [{ anchorAccount: '12' }, 'anchorAccount: must be the 12 digits of an AWS account'],
    [{ sender: [bank] }, '"sender" is no setting. The settings are stage, senders,'],
  ])('refuses %j and names the place', (context, place) => {
    expect(() => readSettings(context)).toThrow(place);
  });

  it('names everything that is wrong at once, and says what to write instead', () => {
    const read = () => readSettings({ stage: 'A', anchorAccount: 1, egress: [] });
    expect(read).toThrow(/"stage" is not usable[^]*"anchorAccount" is not usable/);
    expect(read).toThrow(`Write it in cdk.json under "context", or give -c anchorAccount='444455556666'.`);
  });

  it('takes every example that it gives', () => {
    const given = [...'stage senders alarmAddress targets limits retention egress anchorAccount'.split(' ')];
    for (const name of given) {
      const wrong = name === 'stage' ? 'A B' : { nothing: ['of', 'this'] };
      const [, example] = /-c \w+='(.*)'\.$/.exec(messageOf(() => readSettings({ [name]: wrong }))) ?? [];
      expect(() => readSettings({ [name]: example })).not.toThrow();
      expect(example).toBeTypeOf('string');
    }
  });

  it('leaves alone what the CDK and its command line keep in the context', () => {
    const noted = { 'aws:cdk:bundling-stacks': [], '@aws-cdk/core:flag': true, 'cli-telemetry': false };
    expect(readSettings(noted)).toEqual(readSettings({}));
  });
});

describe('the app', () => {
  it('stops at the synth for a setting that is not usable', () => {
    expect(() => unbundledApp({ stag: 'prod' })).toThrow('"stag" is no setting');
  });
});

describe('heardSenders', () => {
  it('tells functions nothing of principals, which events do not name', () => {
    expect(heardSenders(readSettings({ senders: [bank] }).senders)).toEqual([
      { source: 'bank', partners: '*', authorities: ['bank'] },
    ]);
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}
