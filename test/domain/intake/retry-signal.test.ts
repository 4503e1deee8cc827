import { describe, expect, it } from 'vitest';
import { signalRetrySeconds } from '../../../lib/domain/intake/retry-signal.ts';
import { functionTimeoutSeconds, signalReceivesMax } from '../../../lib/domain/limits.ts';
import { readSettings } from '../../../lib/stack/settings/read-settings.ts';

const waits = (failures: number) =>
  Array.from({ length: failures }, (_, index) => signalRetrySeconds(index + 1));
const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0);

/** P9. */
describe('signalRetrySeconds', () => {
  it('doubles from two seconds on, and stays below its limit', () => {
    expect(waits(6)).toEqual([2, 4, 8, 15, 15, 15]);
    expect(signalRetrySeconds(signalReceivesMax)).toBe(15);
  });

  it('takes what cannot be counted for a first failure', () => {
    expect(signalRetrySeconds(0)).toBe(2);
  });

  it('lets five failures in a row pass within the target of a regime that nobody set', () => {
    const { effectSeconds = 0 } = readSettings({}).targets['default'] ?? {};
    expect(sum(waits(5))).toBeLessThan(effectSeconds);
  });

  // a signal that is received again while its function still works at it is done twice, which changes nothing: it must not be common
  it('gives a signal up after hours only: between the four of this and the fifty of the visibility timeout', () => {
    expect(Math.round(sum(waits(signalReceivesMax)) / 3_600)).toBe(4);
    expect((signalReceivesMax * 6 * functionTimeoutSeconds) / 3_600).toBe(50);
  });
});
