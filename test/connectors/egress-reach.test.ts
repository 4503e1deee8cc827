import { describe, expect, it } from 'vitest';
import { EgressError } from '../../lib/connectors/egress.ts';
import { isPrivateName } from '../../lib/connectors/egress/private-names.ts';
import { readRules, requireAllowed } from '../../lib/connectors/egress/policy.ts';
import { whyUnreachableUnder } from '../../lib/connectors/egress/reach.ts';
import { literalOf } from '../../lib/connectors/egress/target.ts';

const rules = [
  { host: 'auth.bank.internal', addresses: ['10.1.0.0/16'] },
  { host: 'localhost:9443', addresses: ['127.0.0.0/8'] },
  { host: '127.0.0.1:9443', addresses: ['127.0.0.1'] },
  { host: '10.2.0.1', addresses: ['10.1.0.0/16'] },
];

describe('whyUnreachableUnder', () => {
  it.each([
    'https://bank.example/token',
    'https://8.8.8.8/token',
    'https://auth.bank.internal/token',
    'https://localhost:9443/token',
    'https://127.0.0.1:9443/token',
  ])('has nothing to say against %s', (endpoint) => {
    expect(whyUnreachableUnder(rules)(endpoint)).toBeUndefined();
  });

  it.each([
    ['http://bank.example/token', 'https'],
    ['https://bank.example:8443/token', 'not on port 443; list it in RESCIND_EGRESS'],
    ['https://auth.bank.internal:8443/token', 'not on port 443; list it in RESCIND_EGRESS'],
    ['https://other.bank.internal/token', 'no name of the public internet; list it'],
    ['https://localhost/token', 'no name of the public internet; list it'],
    ['https://127.0.0.1/token', 'neither public nor listed for this host; list host and block'],
    ['https://[::1]/token', 'neither public nor listed for this host; list host and block'],
    ['https://169.254.169.254/token', 'register where the authority is'],
    ['https://[fd00:ec2::254]/token', 'register where the authority is'],
  ])('says what to do about %s: %s', (endpoint, said) => {
    expect(whyUnreachableUnder(rules)(endpoint)).toContain(said);
  });

  it('takes no listed host whose own address is outside its block', () => {
    expect(whyUnreachableUnder(rules)('https://10.2.0.1/token')).toContain('neither public nor listed');
  });

  it('lets nothing be registered under rules that cannot be read, and names them', () => {
    const why = whyUnreachableUnder([{ host: 'bank.example', addresses: ['ten'] }]);
    expect(why('https://bank.example/token')).toContain('RESCIND_EGRESS, host bank.example: ten is neither');
    expect(why('https://other.example/token')).toContain('RESCIND_EGRESS');
  });
});

describe('the policy', () => {
  // Registration refuses these spellings; what a library has put into normal form meanwhile is still an address.
  it.each([
    '127.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '①②⑦.0.0.1',
    '%31%32%37.0.0.1',
    '[::ffff:127.0.0.1]',
  ])('refuses %s by its address, however it is written', (host) => {
    const url = new URL(`https://${host}/`);
    const judge = () => requireAllowed(url, literalOf(url) ?? '', readRules([])(url));
    expect(judge).toThrow(EgressError);
    expect(judge).toThrow(expect.objectContaining({ code: 'address' }));
  });
});

describe('isPrivateName', () => {
  it.each([
    'localhost',
    'metadata',
    'app.localhost',
    'printer.local',
    'metadata.google.internal',
    'nas.home.arpa',
  ])('knows %s', (name) => expect(isPrivateName(name)).toBe(true));

  it.each(['bank.example', 'local.example', 'internal.bank.example', 'notlocal.bank', 'mylocalhost.co'])(
    'leaves %s to DNS',
    (name) => expect(isPrivateName(name)).toBe(false),
  );
});
