import { describe, expect, it } from 'vitest';
import { resourceOf, stoppedBy } from '../synth.ts';

describe('evidence-never-expires', () => {
  it.each([true, false])('names a table with a time to live, enabled: %s', (Enabled) => {
    expect(
      stoppedBy('evidence-never-expires', (stack) =>
        resourceOf(stack, 'Registry/Table').addPropertyOverride('TimeToLiveSpecification', {
          AttributeName: 'expiresAt',
          Enabled,
        }),
      ),
    ).toEqual(['Registry/Table/Resource: a table with a time to live']);
  });
});
