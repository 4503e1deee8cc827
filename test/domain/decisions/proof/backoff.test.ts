import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../../lib/domain/decisions/proof/backoff.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoffMs', () => {
  it('doubles its ceiling from two seconds', () => {
    const ceilings = [1, 2, 3, 4].map((attempts) => backoffMs(attempts, 1));
    expect(ceilings).toEqual([2_000, 4_000, 8_000, 16_000]);
  });

  it('never waits longer than an hour', () => {
    expect(backoffMs(12, 1)).toBe(3_600_000);
    expect(backoffMs(1_000_000, 1)).toBe(3_600_000);
  });

  it('jitters over the whole range', () => {
    expect(backoffMs(3, 0)).toBe(0);
    expect(backoffMs(3, 0.5)).toBe(4_000);
  });

  it('gives whole milliseconds between zero and its ceiling', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), random, (attempts, chance) => {
        const wait = backoffMs(attempts, chance);
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(3_600_000, 2_000 * 2 ** (attempts - 1)));
      }),
    );
  });
});
