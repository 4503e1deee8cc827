import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoint } from '../../lib/wire/forms/endpoint.ts';

/** The rule that is broken. */
function rule(text: unknown): string {
  const parsed = endpoint.safeParse(text);
  if (parsed.success) throw new Error('it was accepted');
  return parsed.error.issues.map(({ message }) => message).join('; ');
}

describe('an endpoint', () => {
  it.each([
    'https://bank.example',
    'https://bank.example/token?tenant=1',
    'HTTPS://Bank.Example/Token',
    // some servers have the port in their issuer
    'https://bank.example:443/oauth2',
    'https://bank.example:8443/token',
    'https://xn--bnk-qla.example/token',
    'https://auth_1.bank.internal/a/../token',
    'https://127.0.0.1:9443/token',
    'https://[::1]:9443/token',
    'https://bank.example/@me',
  ])('may be %s, and stays as it is written', (text) => {
    expect(endpoint.parse(text)).toBe(text);
  });

  it('may have 2,048 characters, and no more', () => {
    const start = 'https://bank.example/';
    expect(endpoint.parse(start.padEnd(2_048, 'x'))).toHaveLength(2_048);
    expect(rule(start.padEnd(2_049, 'x'))).toBe('must be 2048 characters or fewer');
  });

  it.each<[unknown, string]>([
    [undefined, 'must be an https URL'],
    [7, 'must be an https URL'],
    ['', 'must be an https URL'],
    ['bank.example', 'must be an https URL'],
    ['http://bank.example', 'must be an https URL'],
    ['https://bank.example/a b', 'must be ASCII without spaces'],
    ['https://bank.example/\t', 'must be ASCII without spaces'],
    ['https://bänk.example', 'xn--'],
    ['https:\\\\bank.example', 'backslashes'],
    ['https:/bank.example', 'must have two slashes and a host'],
    ['https://?bank.example', 'must have two slashes and a host'],
    ['https://me@bank.example', 'take out what stands before the @'],
    ['https://:@bank.example', 'take out what stands before the @'],
    ['https://bank.example/#', 'must have no fragment'],
    ['https://bank.example:65536', 'must have a host and a port that exist'],
    ['https://1.2.3.256', 'must have a host and a port that exist'],
    ['https://xn--zzzzzz99', 'must have a host and a port that exist'],
    ['https://1.2.3', 'must write its host and port plainly: they are read as 1.2.0.3'],
    ['https://bank%2eexample', 'must write its host and port plainly: they are read as bank.example'],
    [
      'https://bank.example:08443',
      'must write its host and port plainly: they are read as bank.example:8443',
    ],
    ['https://[0::1]', 'must write its host and port plainly: they are read as [::1]'],
    ['https://bank.example.', 'must have no dot at the end of its host'],
    ['https://a..example', 'must name one host'],
    ['https://-a.example', 'must name one host'],
    ['https://*.example', 'must name one host'],
    [`https://${'a'.repeat(64)}.example`, 'must name one host'],
    [`https://${'a.'.repeat(127)}example`, 'must name one host'],
  ])('is refused where it is %j: %s', (text, said) => {
    expect(rule(text)).toContain(said);
  });

  it('is read by machines as it is by people, or refused, whatever it is', () => {
    const bits = [
      'https',
      ':',
      '/',
      '//',
      '@',
      '#',
      '?',
      '\\',
      '\t',
      '.',
      '%2e',
      '[',
      ']',
      '::1',
      '0x7f',
      '1',
      '443',
      'a',
    ];
    const parts = fc.array(fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 2 })), { maxLength: 8 });
    const text = fc.tuple(fc.constantFrom('', 'https:', 'https://', 'https://a'), parts);
    let accepted = 0;
    fc.assert(
      fc.property(text, ([start, rest]) => {
        const given = [start, ...rest].join('');
        if (!endpoint.safeParse(given).success) return;
        accepted += 1;
        const { protocol, host, username, password, hash } = new URL(given);
        expect([protocol, username, password, hash]).toEqual(['https:', '', '', '']);
        expect(given.toLowerCase().startsWith(`https://${host}`)).toBe(true);
        expect(given).not.toMatch(/[\s\\]/);
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
