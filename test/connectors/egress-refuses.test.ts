import diagnostics from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEgress, EgressError, type EgressOptions } from '../../lib/connectors/egress.ts';

// Nothing here may reach the network: the first sign of a request is counted, before a socket exists.
let requests = 0;
const count = (): void => void (requests += 1);
beforeEach(() => {
  requests = 0;
  diagnostics.subscribe('http.client.request.start', count);
});
afterEach(() => void diagnostics.unsubscribe('http.client.request.start', count));

async function refusalOf(url: string, options: Partial<EgressOptions> = {}): Promise<EgressError> {
  const egress = createEgress({ rules: [], ...options });
  try {
    await egress.fetch(url);
  } catch (error) {
    if (error instanceof EgressError) return error;
    throw error;
  }
  throw new Error(`${url} was fetched`);
}

const resolvesTo =
  (...addresses: readonly string[]) =>
  async () =>
    addresses.map((address) => ({ address }));

describe('egress refuses a URL before connecting', () => {
  it.each([
    ['http://bank.example/token', 'not-https'],
    ['HTTP://bank.example/token', 'not-https'],
    ['ftp://bank.example/token', 'not-https'],
    ['file:///etc/passwd', 'not-https'],
    ['data:application/json,{"active":false}', 'not-https'],
    ['https://user@bank.example/', 'user-info'],
    ['https://user:secret@bank.example/', 'user-info'],
    ['https://bank.example@127.0.0.1/', 'user-info'],
    ['https://bank.example:8443/', 'port'],
    ['https://bank.example:80/', 'port'],
    ['https://bank.example:22/', 'port'],
    ['/token', 'url'],
    ['https://', 'url'],
    ['https://[::1/', 'url'],
    ['https://bank.example./', 'url'],
    ['https://bank.example/to\nken', 'url'],
    ['https:bank.example/', 'url'],
    ['https://127.1/', 'url'],
    ['https://2130706433/', 'url'],
    ['https://0x7f000001/', 'url'],
    ['https://0177.0.0.1/', 'url'],
    ['https://①②⑦.0.0.1/', 'url'],
    ['https://0/', 'url'],
    ['https://[::127.0.0.1]/', 'url'],
    ['https://[::ffff:127.0.0.1]/', 'url'],
    ['https://localhost/', 'private-name'],
    ['https://instance-data/', 'private-name'],
    ['https://metadata.google.internal/', 'private-name'],
  ])('%s: %s', async (url, code) => {
    const refusal = await refusalOf(url, { lookup: resolvesTo('93.184.216.34') });
    expect(refusal.code).toBe(code);
    expect(requests).toBe(0);
  });
});

describe('egress refuses an address that is not public before connecting', () => {
  it.each([
    'https://127.0.0.1/',
    'https://10.1.2.3/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://172.31.255.255/',
    'https://192.0.0.8/',
    'https://192.0.2.1/',
    'https://192.88.99.1/',
    'https://192.168.1.1/',
    'https://198.19.0.1/',
    'https://198.51.100.1/',
    'https://203.0.113.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://0.0.0.0/',
    'https://[::7f00:1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:808:808]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::1]/',
    'https://[100::1]/',
    'https://[2001::1]/',
    'https://[2001:db8::1]/',
    'https://[2002:7f00:1::]/',
    'https://[3fff::1]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
  ])('%s', async (url) => {
    expect((await refusalOf(url)).code).toBe('address');
    expect(requests).toBe(0);
  });

  it.each(['127.0.0.1', '::1', '::ffff:10.0.0.1', 'fe80::1%eth0', '169.254.169.254', 'not an address'])(
    'a name that resolves to %s',
    async (address) => {
      const refusal = await refusalOf('https://bank.example/', { lookup: resolvesTo(address) });
      expect(refusal.code).toBe('address');
      expect(requests).toBe(0);
    },
  );

  it('a name with one address of the inside among public ones', async () => {
    const lookup = resolvesTo('93.184.216.34', '10.0.0.1');
    expect((await refusalOf('https://bank.example/', { lookup })).code).toBe('address');
    expect(requests).toBe(0);
  });

  it('a listed host that resolves outside its blocks, even to a public address', async () => {
    const rules = [{ host: 'bank.example', addresses: ['10.1.0.0/16'] }];
    for (const address of ['10.2.0.1', '93.184.216.34', '::ffff:10.1.0.1']) {
      const refusal = await refusalOf('https://bank.example/', { rules, lookup: resolvesTo(address) });
      expect(refusal.code).toBe('address');
    }
    expect(requests).toBe(0);
  });

  // Whoever controls the DNS of a listed host would reach the metadata of the machine, or IPv4 through an IPv6 block.
  it('a listed host that resolves to what no rule can allow', async () => {
    const rules = [{ host: 'bank.example', addresses: ['0.0.0.0/0', '::/0'] }];
    for (const address of ['169.254.169.254', '0.0.0.0', '::', 'fd00:ec2::254', 'fe80::1', '::ffff:a00:1']) {
      const refusal = await refusalOf('https://bank.example/', { rules, lookup: resolvesTo(address) });
      expect([refusal.code, refusal.message]).toEqual([
        'address',
        expect.stringContaining('register where the authority is'),
      ]);
    }
    expect(requests).toBe(0);
  });

  it('another port of a listed host', async () => {
    const rules = [{ host: '127.0.0.1:9443', addresses: ['127.0.0.0/8'] }];
    expect((await refusalOf('https://127.0.0.1:9444/', { rules })).code).toBe('port');
    expect((await refusalOf('https://127.0.0.1/', { rules })).code).toBe('address');
    expect(requests).toBe(0);
  });
});

describe('egress says what to do', () => {
  it('names the host and the setting, and neither path, query nor user', async () => {
    const { message } = await refusalOf('https://bank.example/hidden-path?token=hidden-token', {
      lookup: resolvesTo('10.0.0.1'),
    });
    expect(message).toContain('bank.example');
    expect(message).toContain('RESCIND_EGRESS');
    expect(message).not.toContain('hidden');
    expect((await refusalOf('https://hidden:hidden@bank.example/')).message).not.toContain('hidden');
  });

  it('calls a name that does not resolve by its name', async () => {
    const lookup = () => Promise.reject(new Error('ENOTFOUND'));
    expect((await refusalOf('https://bank.example/', { lookup })).code).toBe('dns');
    expect((await refusalOf('https://bank.example/', { lookup: resolvesTo() })).code).toBe('dns');
  });

  it('counts a resolver that hangs against the time of the call', async () => {
    const lookup = () => new Promise<never>(() => undefined);
    expect((await refusalOf('https://bank.example/', { lookup, timeoutMs: 30 })).code).toBe('timeout');
  });

  it('refuses to start with a rule that cannot be read or contradicts another', () => {
    const allows = (...rules: EgressOptions['rules']) => {
      expect(() => createEgress({ rules })).toThrow(expect.objectContaining({ code: 'rule' }));
    };
    allows({ host: 'bank.example/path', addresses: ['10.0.0.0/8'] });
    allows({ host: 'user@bank.example', addresses: ['10.0.0.0/8'] });
    allows({ host: 'bank.example.', addresses: ['10.0.0.0/8'] });
    allows({ host: '0x7f.1:9443', addresses: ['127.0.0.0/8'] });
    allows({ host: 'bank.example', addresses: ['10.0.0.0/33'] });
    allows({ host: 'bank.example', addresses: ['10.0.0.0/'] });
    allows({ host: 'bank.example', addresses: ['ten'] });
    allows(
      { host: 'bank.example', addresses: ['10.0.0.0/8'] },
      { host: 'BANK.example:443', addresses: ['::/0'] },
    );
  });
});
