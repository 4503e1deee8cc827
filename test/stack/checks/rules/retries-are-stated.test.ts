import { describe, expect, it } from 'vitest';
import { resourceOf, stoppedBy } from '../synth.ts';

const broken = (breakIt: Parameters<typeof stoppedBy>[1]) => stoppedBy('retries-are-stated', breakIt);

describe('retries-are-stated', () => {
  it.each([
    ['SignalBus/Signals', 'Targets.0'],
    ['KeepKeysHeartbeat/Schedule', 'Target'],
  ])('asks both retries and dead letters of %s', (path, target) => {
    const without = (member: string) =>
      broken((stack) => resourceOf(stack, path).addPropertyDeletionOverride(`${target}.${member}`));
    expect(without('RetryPolicy.MaximumRetryAttempts')).toEqual([
      `${path}/Resource: no RetryPolicy.MaximumRetryAttempts`,
    ]);
    expect(without('RetryPolicy.MaximumEventAgeInSeconds')).toEqual([
      `${path}/Resource: no RetryPolicy.MaximumEventAgeInSeconds`,
    ]);
    expect(without('DeadLetterConfig')).toEqual([`${path}/Resource: no DeadLetterConfig.Arn`]);
  });

  it.each(['MaximumRetryAttempts', 'MaximumEventAgeInSeconds'])(
    'asks %s of a function that a schedule calls',
    (member) => {
      expect(
        broken((stack) =>
          resourceOf(stack, 'SealLedger/Function/EventInvokeConfig').addPropertyDeletionOverride(member),
        ),
      ).toEqual([`SealLedger/Function/Resource: no EventInvokeConfig with ${member}`]);
    },
  );

  it('takes the retries of another version of the function for none', () => {
    expect(
      broken((stack) =>
        resourceOf(stack, 'SealLedger/Function/EventInvokeConfig').addPropertyOverride('Qualifier', '7'),
      ),
    ).toHaveLength(2);
  });
});
