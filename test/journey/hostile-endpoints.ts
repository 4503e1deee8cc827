import type { EgressCode } from '../../lib/connectors/egress.ts';

/** An endpoint that must never be called, and what the door and the way out say of it; names in it resolve to public addresses. */
export interface HostileEndpoint {
  readonly url: string;
  /** `malformed` whatever the setting is; `unreachable` under a setting that does not list it. */
  readonly refused: 'malformed' | 'unreachable';
  /** What the reason tells the operator to do. */
  readonly says: string;
  readonly code: EgressCode;
}

/** Stands in some of them, and may stand nowhere else. */
export const hidden = 'hunter2-hidden';

const group =
  (refused: HostileEndpoint['refused'], code: EgressCode, says: string) =>
  (...urls: readonly string[]): HostileEndpoint[] =>
    urls.map((url) => ({ url, refused, says, code }));

const plainly = (host: string) =>
  group('malformed', 'url', `must write its host and port plainly: they are read as ${host}`);
const characters = group(
  'malformed',
  'url',
  'must be ASCII without spaces, control characters and backslashes',
);

/** Never called, whatever the setting says. */
const alwaysWrong: readonly HostileEndpoint[] = [
  ...group('malformed', 'not-https', 'must be an https URL')(
    'http://bank.example/token',
    'httpsx://bank.example/token',
    'ftp://bank.example/token',
    'wss://bank.example/token',
    'gopher://bank.example:70/_x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:application/json,{"active":false}',
  ),
  ...group('malformed', 'url', 'must be an https URL')('', 'bank.example/token', '//bank.example/token'),
  ...group('malformed', 'user-info', 'take out what stands before the @')(
    `https://rescind:${hidden}@bank.example/token`,
    'https://bank.example@127.0.0.1/token',
    'https://bank.example%2f@evil.example/token',
    'https://@bank.example/token',
  ),
  ...characters(
    ' https://bank.example/token',
    'https://bank.example/to ken',
    'https://bank.example/to\nken',
    `https://bank.example/token\r\nx-injected: ${hidden}`,
    'https://bank.example\u0000.evil.example/token',
    'https:\\\\bank.example\\token',
    'https://evil.example\\@bank.example/token',
    'https://１２７.0.0.1/token',
    'https://bаnk.example/token',
    'https://bank。example/token',
    'https://bank\u00ad.example/token',
    'https://bank.example/\u202enekot',
  ),
  ...group('malformed', 'url', 'must have two slashes and a host after https:')(
    'https:bank.example/token',
    'https:/bank.example/token',
    'https:///bank.example/token',
    'https://',
  ),
  ...group('malformed', 'url', 'must have a host and a port that exist')(
    'https://[::1/token',
    'https://[fe80::1%25eth0]/token',
    'https://bank.example:99999/token',
    'https://bank.example:443:443/token',
    'https://999.1.1.1/token',
    'https://%00/token',
  ),
  ...group('malformed', 'url', 'must have no fragment')(`https://bank.example/token#${hidden}`),
  ...group(
    'malformed',
    'url',
    'must be 2048 characters or fewer',
  )(`https://bank.example/${'x'.repeat(100_000)}`),
  ...group(
    'malformed',
    'url',
    'must have no dot at the end of its host',
  )('https://bank.example./token', 'https://localhost./token'),
  ...group('malformed', 'url', 'must name one host')(
    'https://*.bank.example/token',
    'https://bank..example/token',
    'https://$(id).bank.example/token',
    'https://bank.example,evil.example/token',
  ),
  ...plainly('127.0.0.1')(
    'https://127.1/token',
    'https://2130706433/token',
    'https://0x7f.1/token',
    'https://0177.0.0.1/token',
    'https://%31%32%37.0.0.1/token',
    'https://127.0.0.1./token',
  ),
  ...plainly('169.254.169.254')('https://0xa9fea9fe/latest/meta-data/', 'https://169.254.43518/token'),
  ...plainly('[::ffff:7f00:1]')('https://[::ffff:127.0.0.1]/token'),
  ...plainly('[::7f00:1]')('https://[::127.0.0.1]/token'),
  ...plainly('[::1]')('https://[0:0:0:0:0:0:0:1]/token'),
  ...plainly('bank.example')(
    'https://bank%2eexample/token',
    'https://bank.example:/token',
    'https://bank.example:0443/',
  ),
];

/** Never called while the setting does not list it. */
const notListed: readonly HostileEndpoint[] = [
  ...group('unreachable', 'port', 'is not on port 443; list it in RESCIND_EGRESS')(
    'https://bank.example:8443/token',
    'https://bank.example:22/token',
    'https://bank.example:0/token',
    // the stack's own authority is at another port of this address
    'https://127.0.0.1:1/token',
  ),
  ...group('unreachable', 'private-name', 'is no name of the public internet; list it with its block')(
    'https://localhost/token',
    'https://LOCALHOST/token',
    'https://app.localhost/token',
    'https://auth.bank.internal/token',
    'https://printer.local/token',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://instance-data/latest/meta-data/',
  ),
  ...group('unreachable', 'address', 'neither public nor listed for this host; list host and block')(
    'https://127.0.0.1/token',
    'https://10.0.0.1/token',
    'https://172.16.0.1/token',
    'https://192.168.0.1/token',
    'https://100.100.100.200/token',
    'https://[::1]/token',
    'https://[::7f00:1]/token',
    'https://[fd12:3456::1]/token',
    'https://[64:ff9b::7f00:1]/token',
    'https://[2002:7f00:1::]/token',
    'https://[2001:db8::1]/token',
  ),
  ...group('unreachable', 'address', 'where nothing is ever called')(
    'https://169.254.169.254/latest/meta-data/iam/security-credentials/',
    'https://169.254.170.2/v2/credentials/',
    'https://0.0.0.0/token',
    'https://255.255.255.255/token',
    'https://[::]/token',
    'https://[::ffff:7f00:1]/token',
    'https://[fd00:ec2::254]/latest/meta-data/',
    'https://[fe80::1]/token',
    'https://[ff02::1]/token',
  ),
];

export const hostileEndpoints = [...alwaysWrong, ...notListed];
