import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { time } from '../../lib/wire/forms/time.ts';

describe('a time (RFC 3339 section 5.6)', () => {
  it.each([
    '2026-01-31T09:30:00Z',
    '2026-01-31T09:30:00+01:00',
    '2026-01-31T09:30:00-00:00',
    '2024-02-29T00:00:00.123456789Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    `2026-01-31T09:30:00.${'0'.repeat(43)}Z`,
  ])('stays as it is written: %s', (text) => {
    expect(time.parse(text)).toBe(text);
  });

  it.each([
    ['2026-01-31t09:30:00z', '2026-01-31T09:30:00Z'],
    ['2026-01-31t09:30:00.5+01:00', '2026-01-31T09:30:00.5+01:00'],
    ['2026-01-31T09:30:00z', '2026-01-31T09:30:00Z'],
  ])('gets capitals: %s', (text, normal) => {
    expect(time.parse(text)).toBe(normal);
  });

  // the first two are the examples of RFC 3339 section 5.8
  it.each([
    ['1990-12-31T23:59:60Z', '1991-01-01T00:00:00Z'],
    ['1990-12-31T15:59:60-08:00', '1991-01-01T00:00:00Z'],
    ['2016-12-31t23:59:60z', '2017-01-01T00:00:00Z'],
    ['2016-12-31T23:59:60.25Z', '2017-01-01T00:00:00.25Z'],
    ['2015-07-01T05:29:60+05:30', '2015-07-01T00:00:00Z'],
    ['2027-02-28T23:59:60Z', '2027-03-01T00:00:00Z'],
  ])('with a leap second is the second after it: %s', (text, normal) => {
    expect(time.parse(text)).toBe(normal);
    expect(Date.parse(time.parse(text))).toBe(Date.parse(normal));
  });

  it.each([
    ['in the middle of a day', '2016-12-31T09:30:60Z'],
    ['in the middle of a month', '2016-12-15T23:59:60Z'],
    ['at the end of a local month', '2016-12-31T23:59:60-08:00'],
    ['before a year of five digits', '9999-12-31T23:59:60Z'],
    ['that is second 61', '2016-12-31T23:59:61Z'],
  ])('has no leap second %s (RFC 3339 section 5.7)', (_, text) => {
    expect(time.safeParse(text).success).toBe(false);
  });

  it.each([
    '2026-01-31 09:30:00Z',
    '2026-01-31T09:30Z',
    '2026-01-31T09:30:00',
    '2026-02-30T09:30:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T09:30:00.Z',
    '2026-01-31T09:30:00,5Z',
    '2026-01-31T09:30:00+0100',
    '2026-01-31T09:30:00+24:00',
    '+002026-01-31T09:30:00Z',
    '2026-01-31T09:30:00Z\n',
    '２026-01-31T09:30:00Z',
    1769851800,
    null,
  ])('is refused as %j', (text) => {
    const { error } = time.safeParse(text);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'must be an RFC 3339 time with an offset, such as 2026-01-31T09:30:00Z',
    ]);
  });

  it.each([65, 60_000, 250_000])('of %i characters is refused for its length alone', (length) => {
    const text = `${'2026-01-31T09:30:00.'.padEnd(length - 1, '9')}Z`;
    const { error } = time.safeParse(text);
    expect(error?.issues.map(({ message }) => message)).toEqual(['must be 64 characters or fewer']);
  });

  it('is one that Date reads, at the same instant, and normalizing it again changes nothing', () => {
    const digits = fc.stringMatching(/^(\.\d{1,9})?$/);
    const instant = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9998-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        instant,
        digits,
        fc.constantFrom('t', 'T'),
        fc.constantFrom('z', 'Z'),
        (at, fraction, t, z) => {
          const text = `${at.toISOString().slice(0, 19).replace('T', t)}${fraction}${z}`;
          const normal = time.parse(text);
          expect(Date.parse(normal)).toBe(Date.parse(text.toUpperCase()));
          expect(time.parse(normal)).toBe(normal);
        },
      ),
    );
  });
});
