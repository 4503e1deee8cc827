import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';
import { knownCases, unknownCases } from './cases.ts';

describe('an event pattern', () => {
  it.each(knownCases)('says of $what what AWS says: $aws', ({ pattern, event, aws }) => {
    expect(compilePattern(pattern)(event)).toBe(aws);
  });

  it.each(unknownCases)('is refused by name for $what', ({ pattern, named }) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({
        name: 'ValidationException',
        message: expect.stringContaining(named),
      }),
    );
  });

  it('is refused with the path to what is unknown', () => {
    expect(() => compilePattern({ detail: { count: ['x', { numeric: ['>', 0] }] } })).toThrow(
      'EventPattern.detail.count: the local cloud does not know numeric; ' +
        'it knows lists of strings, and anything-but with strings.',
    );
  });
});
