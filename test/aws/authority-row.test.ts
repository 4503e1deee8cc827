import { describe, expect, it } from 'vitest';
import { toAuthority, toItem } from '../../lib/aws/dynamodb/items/items.ts';
import type { Authority } from '../../lib/domain/inventory/authority.ts';
import { authorityOf } from '../domain/objects.ts';

const row = (authority: object) => toItem({ pk: 'authority#bank', sk: '-', ...authority });
const own = { clientId: 'rescind', secretName: 'rescind/authority/bank' };

describe('the row of an authority', () => {
  it('is read as it was written before there was a choice of audience, method or collateral', () => {
    const old = authorityOf({ auth: { method: 'private_key_jwt', ...own } });
    expect(toAuthority(row(old))).toEqual(old);
  });

  it.each<Partial<Authority>>([
    { auth: { method: 'private_key_jwt', ...own, audience: 'token-endpoint' } },
    { auth: { method: 'client_secret_basic', ...own }, role: 'party' },
    { auth: { method: 'client_secret_post', ...own }, collateral: 'none' },
    { collateral: 'grant', limits: { concurrency: 2 } },
  ])('gives back %o', (changes) => {
    const authority = authorityOf(changes);
    expect(toAuthority(row(authority))).toEqual(authority);
  });

  it('of a method that is none is an error, not a guess', () => {
    const broken = { ...authorityOf(), auth: { method: 'none', ...own } };
    expect(() => toAuthority(row(broken))).toThrow(/row authority#bank .* does not parse: auth/);
  });
});
