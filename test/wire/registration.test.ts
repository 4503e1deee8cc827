import { describe, expect, it } from 'vitest';
import { explain } from '../../lib/wire/explain.ts';
import { authorityRegistration, partnerRegistration } from '../../lib/wire/registration.ts';
import { type Json, setMember } from './announcements.ts';

const partner = { id: 'fintech', revision: 1, name: 'Fintech Ltd' };
const authority = {
  id: 'bank',
  revision: 1,
  kind: 'oauth',
  role: 'operator',
  issuer: 'https://bank.example',
  tokenEndpoint: 'https://bank.example/token',
  revocationEndpoint: 'https://bank.example:8443/revoke',
  introspectionEndpoint: 'https://bank.example/introspect',
  auth: { method: 'private_key_jwt', clientId: 'rescind', secretName: 'rescind/authority/bank' },
};

function why(schema: typeof partnerRegistration | typeof authorityRegistration, value: unknown): string {
  const parsed = schema.safeParse(value);
  if (parsed.success) throw new Error('it was accepted');
  return explain(parsed.error);
}

describe('the registration of a partner', () => {
  it('is accepted', () => {
    expect(partnerRegistration.parse({ ...partner, colour: 'red' })).toEqual(partner);
  });

  it.each<[string, unknown]>([
    ['id', 'a b'],
    ['id', undefined],
    ['revision', 0],
    ['revision', 1.5],
    ['name', ''],
    ['name', 'x'.repeat(201)],
    ['regime', ''],
    ['regime', 'CDR'],
  ])('names %s where it is %j', (path, value) => {
    expect(why(partnerRegistration, setMember(partner, path, value))).toContain(`${path}: `);
  });
});

describe('the registration of an authority', () => {
  it('is accepted with what it must say', () => {
    expect(authorityRegistration.parse(authority)).toEqual(authority);
  });

  it('is accepted with limits', () => {
    const limited = { ...authority, limits: { concurrency: 50 } };
    expect(authorityRegistration.parse(limited)).toEqual(limited);
  });

  const own = { clientId: 'rescind', secretName: 'rescind/authority/bank' };

  it.each<object>([
    { role: 'party' },
    { collateral: 'grant' },
    { collateral: 'none' },
    { auth: { method: 'private_key_jwt', ...own, audience: 'issuer' } },
    { auth: { method: 'private_key_jwt', ...own, audience: 'token-endpoint' } },
    { auth: { method: 'client_secret_basic', ...own } },
    { auth: { method: 'client_secret_post', ...own } },
  ])('is accepted with %o, as it stands there', (changes) => {
    const given = { ...authority, ...changes };
    expect(authorityRegistration.parse(given)).toEqual(given);
  });

  it.each(['client_secret_basic', 'client_secret_post'])('refuses an audience for %s', (method) => {
    const given = { ...authority, auth: { method, ...own, audience: 'issuer' } };
    expect(why(authorityRegistration, given)).toBe(
      'auth.audience: must be left out: only private_key_jwt makes assertions',
    );
  });

  it.each<[string, unknown, string]>([
    ['role', 'owner', 'must be operator (a client of Rescind'],
    ['auth.method', 'tls_client_auth', 'must be private_key_jwt, client_secret_basic or client_secret_post'],
    ['auth.method', undefined, 'must be private_key_jwt, client_secret_basic or client_secret_post'],
    ['auth.audience', 'https://bank.example', 'must be issuer or token-endpoint'],
    ['auth', 'rescind:s3cret', 'must be an object with method, clientId and secretName'],
    ['auth', undefined, 'must be an object with method, clientId and secretName'],
    ['collateral', 'family', 'must be grant ('],
    ['auth.clientId', 'r\u00e9scind', 'must be 1 to 256 printable ASCII characters'],
  ])('says what to write for %s in place of %j', (path, value, says) => {
    expect(why(authorityRegistration, setMember(authority, path, value))).toContain(`${path}: ${says}`);
  });

  it.each(['issuer', 'tokenEndpoint', 'revocationEndpoint', 'introspectionEndpoint'])(
    'refuses a %s that is not https',
    (path) => {
      for (const value of [
        'http://bank.example',
        'bank.example',
        'file:///etc/passwd',
        'httpsx://a',
        undefined,
      ])
        expect(why(authorityRegistration, setMember(authority, path, value))).toBe(
          `${path}: must be an https URL`,
        );
    },
  );

  // The worker's role may read rescind/authority/* only: another name would fail at night instead of here.
  it.each([
    'rescind/handle-key',
    'other/authority/bank',
    'rescind/authority/',
    'rescind/authority/a b',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rescind/authority/bank',
  ])('refuses the secret %s', (name) => {
    expect(why(authorityRegistration, setMember(authority, 'auth.secretName', name))).toContain(
      'auth.secretName: must begin with rescind/authority/',
    );
  });

  it.each<[string, unknown]>([
    ['id', ''],
    ['revision', '1'],
    ['kind', 'saml'],
    ['role', 'owner'],
    ['auth.method', 'client_secret_jwt'],
    ['auth.clientId', ''],
    ['limits.concurrency', 0],
    ['limits.concurrency', 51],
  ])('names %s where it is %j', (path, value) => {
    const given: Json = { ...authority, limits: {} };
    expect(why(authorityRegistration, setMember(given, path, value))).toContain(`${path}: `);
  });
});
