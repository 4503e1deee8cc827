import { describe, expect, it } from 'vitest';
import { addressSet, isPublicAddress } from '../../lib/connectors/egress/addresses.ts';

describe('isPublicAddress', () => {
  it.each([
    '8.8.8.8',
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.0',
    '172.32.0.0',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('takes %s for public', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each(['', '8.8.8', '8.8.8.8/32', '2606:4700::1111%1', ' 8.8.8.8'])(
    'takes %j for no address',
    (address) => expect(isPublicAddress(address)).toBe(false),
  );
});

describe('addressSet', () => {
  it('knows an IPv4 address only in its own family, so that a mapped one is not let in', () => {
    const inside = addressSet(['10.0.0.0/8']);
    expect(inside('10.9.9.9')).toBe(true);
    expect(inside('::ffff:10.9.9.9')).toBe(false);
  });

  it('lets a mapped block say nothing about IPv4', () => {
    expect(addressSet(['::ffff:0:0/96'])('10.9.9.9')).toBe(false);
  });

  it('takes a single address for a block of one', () => {
    const inside = addressSet(['127.0.0.1', '::1']);
    expect([inside('127.0.0.1'), inside('127.0.0.2'), inside('::1'), inside('::2')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});
