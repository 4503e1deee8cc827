import { describe, expect, it } from 'vitest';
import { seedsIn } from './seeds.ts';

describe('seedsIn', () => {
  it('gives few seeds unless told', () => {
    expect(seedsIn({})).toHaveLength(25);
    expect(seedsIn({ RESCIND_SEEDS: '', RESCIND_SEED: '' })).toHaveLength(25);
  });

  it('counts up to RESCIND_SEEDS', () => {
    expect(seedsIn({ RESCIND_SEEDS: '3' })).toEqual([1, 2, 3]);
  });

  it('plays RESCIND_SEED alone, whatever RESCIND_SEEDS says', () => {
    expect(seedsIn({ RESCIND_SEED: '417', RESCIND_SEEDS: '3' })).toEqual([417]);
  });

  it.each([
    ['RESCIND_SEEDS', '0'],
    ['RESCIND_SEEDS', '-1'],
    ['RESCIND_SEEDS', '1e3'],
    ['RESCIND_SEEDS', '2.5'],
    ['RESCIND_SEEDS', ' 7'],
    ['RESCIND_SEEDS', 'many'],
    ['RESCIND_SEEDS', '1000001'],
    ['RESCIND_SEED', '2026-11-24'],
    ['RESCIND_SEED', '9007199254740993'],
  ])('refuses %s=%s, and says what it has to be', (name, value) => {
    expect(() => seedsIn({ [name]: value })).toThrow(
      new RegExp(`^${name} has to be a whole number from \\d to \\d+, and is "${value}"$`),
    );
  });
});
