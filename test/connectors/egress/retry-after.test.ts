import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../lib/connectors/egress/retry-after.ts';

const now = Date.parse('2026-02-01T12:00:00Z');
const read = (value: string, date?: string) =>
  retryAfterMs(new Headers({ 'retry-after': value, ...(date !== undefined && { date }) }), now);

/** RFC 9110 sections 5.6.7 and 10.2.3. */
describe('retryAfterMs', () => {
  it.each([
    ['120', 120_000],
    [' 120 ', 120_000],
    ['0', 0],
    ['Sun, 01 Feb 2026 12:05:00 GMT', 300_000],
    ['Sunday, 01-Feb-26 12:05:00 GMT', 300_000],
    ['Sun Feb  1 12:05:00 2026', 300_000],
    ['Sun, 01 Feb 2026 11:00:00 GMT', 0],
  ])('reads %j', (value, ms) => {
    expect(read(value)).toBe(ms);
  });

  it.each(['', '-5', '1.5', 'soon', '2026-02-01T12:05:00Z', '12345678901', '0x10', '1 2'])(
    'does not read %j',
    (value) => {
      expect(read(value)).toBeUndefined();
    },
  );

  it("compares a date with the server's own clock", () => {
    expect(read('Sun, 01 Feb 2026 13:05:00 GMT', 'Sun, 01 Feb 2026 13:00:00 GMT')).toBe(300_000);
  });

  it('is absent without the header', () => {
    expect(retryAfterMs(new Headers(), now)).toBeUndefined();
  });
});
