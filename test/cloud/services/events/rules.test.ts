import { describe, expect, it } from 'vitest';
import { AwsError } from '../../service.ts';
import { decideRetry } from './retry.ts';
import { entry, startEvents } from './rig.ts';

const pattern = { source: ['bank.consents'] };
const hour = 3_600_000;

describe('a rule', () => {
  it('delivers to each of its targets as the rule, with the group of the queue', async () => {
    const { put, events, delivered } = await startEvents();
    const { arn } = events.createRule({
      bus: 'rescind',
      name: 'signals',
      pattern,
      targets: [
        { id: 'queue', arn: 'arn:queue', sqsMessageGroupId: 'signals' },
        { id: 'function', arn: 'arn:function' },
      ],
    });
    expect(arn).toBe('arn:aws:events:eu-west-2:111122223333:rule/rescind/signals');
    await put(entry());
    await events.idle();
    expect(delivered.map(({ targetArn, from }) => [targetArn, from])).toEqual([
      ['arn:queue', { service: 'events', arn, groupId: 'signals' }],
      ['arn:function', { service: 'events', arn }],
    ]);
  });

  it('delivers nothing when its pattern does not match, it is disabled, or the event is on another bus', async () => {
    const { put, events, tried } = await startEvents();
    events.createBus('other');
    const targets = [{ id: 't', arn: 'arn:t' }];
    events.createRule({ bus: 'rescind', name: 'a', pattern: { source: ['bank.cards'] }, targets });
    events.createRule({ bus: 'rescind', name: 'b', pattern, state: 'DISABLED', targets });
    events.createRule({ bus: 'other', name: 'c', pattern, targets });
    await put(entry());
    await events.idle();
    expect(tried).toEqual([]);
  });

  it.each([
    [{ inputPath: '$.detail' }, { consent: { id: 'c-1', generation: 2 } }],
    [{ inputPath: '$.detail.consent.id' }, 'c-1'],
    [{ inputPath: '$.detail-type' }, 'Consent Withdrawn'],
    [{ inputPath: '$.detail.missing.deeper' }, null],
    [{ input: '{"constant":true}' }, { constant: true }],
  ])('gives its target the input that %j says', async (input, payload) => {
    const { put, events, bodies } = await startEvents();
    events.createRule({ bus: 'rescind', name: 'r', pattern, targets: [{ id: 't', arn: 'arn:t', ...input }] });
    await put(entry());
    await events.idle();
    expect(bodies()).toEqual([payload]);
  });

  it.each([
    ['an unknown bus', { bus: 'nowhere' }, 'ResourceNotFoundException'],
    ['a pattern that it does not know', { pattern: { source: [{ cidr: 'x' }] } }, 'ValidationException'],
    [
      'two targets of one id',
      {
        targets: [
          { id: 't', arn: 'a' },
          { id: 't', arn: 'b' },
        ],
      },
      'ValidationException',
    ],
    [
      'input and input path',
      { targets: [{ id: 't', arn: 'a', input: '1', inputPath: '$' }] },
      'ValidationException',
    ],
    ['input that is no JSON', { targets: [{ id: 't', arn: 'a', input: '{' }] }, 'ValidationException'],
    [
      'a path it does not know',
      { targets: [{ id: 't', arn: 'a', inputPath: '$.a[0]' }] },
      'ValidationException',
    ],
    [
      '186 retries',
      { targets: [{ id: 't', arn: 'a', retry: { maximumRetryAttempts: 186 } }] },
      'ValidationException',
    ],
    [
      'six targets',
      { targets: [1, 2, 3, 4, 5, 6].map((n) => ({ id: `t${n}`, arn: 'a' })) },
      'ValidationException',
    ],
  ])('is refused for %s', async (_, over, name) => {
    const { events } = await startEvents();
    expect(() => events.createRule({ bus: 'rescind', name: 'r', pattern, targets: [], ...over })).toThrow(
      expect.objectContaining({ name }),
    );
  });

  it('and a bus are created once under a name', async () => {
    const { events, bus } = await startEvents();
    events.createRule({ bus: bus.arn, name: 'r', pattern, targets: [] });
    const again = expect.objectContaining({ name: 'ResourceAlreadyExistsException' }) as Error;
    expect(() => events.createRule({ bus: 'rescind', name: 'r', pattern, targets: [] })).toThrow(again);
    expect(() => events.createBus('rescind')).toThrow(again);
    expect(() => events.createBus('default')).toThrow(again);
  });
});

describe('a delivery that fails', () => {
  it('does not fail PutEvents, and is tried again by the clock of the world until it succeeds', async () => {
    let failures = 3;
    const { put, events, clock, tried, delivered } = await startEvents(() =>
      failures-- > 0 ? new Error('busy') : undefined,
    );
    events.createRule({ bus: 'rescind', name: 'r', pattern, targets: [{ id: 't', arn: 'arn:t' }] });
    expect(await put(entry())).toMatchObject({ FailedEntryCount: 0 });
    await events.idle();
    expect(delivered).toEqual([]);
    await clock.advance(60_000);
    expect(delivered).toHaveLength(1);
    const waits = tried.slice(1).map(({ at }, index) => Math.round((at - (tried[index]?.at ?? 0)) / 1000));
    expect(waits).toEqual([1, 2, 4]);
    await clock.advance(24 * hour);
    expect(tried).toHaveLength(4);
  });

  it('ends in the dead-letter queue after 185 retries within 24 hours, with the event and the reason', async () => {
    const { put, events, clock, tried, delivered } = await startEvents(({ targetArn }) =>
      targetArn === 'arn:t' ? new Error('busy') : undefined,
    );
    const target = { id: 't', arn: 'arn:t', inputPath: '$.detail', deadLetterArn: 'arn:dead' };
    const { arn } = events.createRule({ bus: 'rescind', name: 'r', pattern, targets: [target] });
    await put(entry());
    await clock.advance(23 * hour);
    expect(delivered).toEqual([]);
    await clock.advance(2 * hour);
    expect(tried.filter(({ targetArn }) => targetArn === 'arn:t')).toHaveLength(186);
    expect(delivered).toMatchObject([
      {
        targetArn: 'arn:dead',
        from: {
          arn,
          attributes: {
            RULE_ARN: arn,
            TARGET_ARN: 'arn:t',
            ERROR_CODE: 'SDK_CLIENT_ERROR',
            ERROR_MESSAGE: 'busy',
            EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
            RETRY_ATTEMPTS: '185',
          },
        },
      },
    ]);
    expect(JSON.parse(delivered[0]?.payload ?? '')).toMatchObject({ id: 'event-1', source: 'bank.consents' });
  });

  it('ends when the event reaches the age that the target allows, after a last try', async () => {
    const { put, events, clock, tried, delivered } = await startEvents(({ targetArn }) =>
      targetArn === 'arn:t' ? new Error('busy') : undefined,
    );
    const retry = { maximumEventAgeInSeconds: 60 };
    const targets = [{ id: 't', arn: 'arn:t', deadLetterArn: 'arn:dead', retry }];
    events.createRule({ bus: 'rescind', name: 'r', pattern, targets });
    await put(entry());
    await clock.advance(10 * 60_000);
    const times = tried.map(({ at }) => Math.round((at - (tried[0]?.at ?? 0)) / 1000));
    expect(times).toEqual([0, 1, 3, 7, 15, 31, 60, 60]);
    expect(delivered[0]?.from.attributes?.EXHAUSTED_RETRY_CONDITION).toBe('MaximumEventAgeInSeconds');
  });

  it.each([
    ['AccessDeniedException', 'NO_PERMISSIONS'],
    ['com.amazonaws.sqs#QueueDoesNotExist', 'NO_RESOURCE'],
    ['ResourceNotFoundException', 'NO_RESOURCE'],
  ])('with %s is dead at once', async (code, reason) => {
    const { put, events, tried } = await startEvents(({ targetArn }) =>
      targetArn === 'arn:t' ? new AwsError(code, 'no') : undefined,
    );
    const targets = [{ id: 't', arn: 'arn:t', deadLetterArn: 'arn:dead' }];
    events.createRule({ bus: 'rescind', name: 'r', pattern, targets });
    await put(entry());
    await events.idle();
    expect(tried.map(({ targetArn }) => targetArn)).toEqual(['arn:t', 'arn:dead']);
    expect(tried[1]?.from.attributes).toMatchObject({ ERROR_CODE: reason, RETRY_ATTEMPTS: '0' });
    expect(tried[1]?.from.attributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it.each([
    ['no dead-letter queue', undefined, 'undeliverable'],
    ['a dead-letter queue that refuses', 'arn:dead', 'dead-letter-queue-refused'],
  ])('is lost with %s, which a listener learns', async (_, deadLetterArn, because) => {
    const { put, events, clock } = await startEvents(() => new Error('busy'));
    const lost: unknown[] = [];
    events.onLost((loss) => lost.push(loss));
    const retry = { maximumRetryAttempts: 1 };
    events.createRule({
      bus: 'rescind',
      name: 'r',
      pattern,
      targets: [{ id: 't', arn: 'arn:t', retry, deadLetterArn }],
    });
    await put(entry());
    await clock.advance(60_000);
    expect(lost).toMatchObject([{ because, targetArn: 'arn:t', event: { id: 'event-1' } }]);
  });

  it('does not hold up the other target of the rule', async () => {
    const { put, events, delivered } = await startEvents(({ targetArn }) =>
      targetArn === 'arn:bad' ? new Error('busy') : undefined,
    );
    const targets = [
      { id: 'bad', arn: 'arn:bad' },
      { id: 'good', arn: 'arn:good' },
    ];
    events.createRule({ bus: 'rescind', name: 'r', pattern, targets });
    await put(entry());
    await events.idle();
    expect(delivered.map(({ targetArn }) => targetArn)).toEqual(['arn:good']);
  });

  it('is not tried again once EventBridge is closed', async () => {
    const { put, events, clock, tried } = await startEvents(() => new Error('busy'));
    events.createRule({ bus: 'rescind', name: 'r', pattern, targets: [{ id: 't', arn: 'arn:t' }] });
    await put(entry());
    await events.idle();
    events.close();
    await clock.advance(hour);
    await events.idle();
    expect(tried).toHaveLength(1);
  });
});

describe('decideRetry', () => {
  it('doubles the wait up to eight minutes', () => {
    const waitAfter = (retries: number): number => {
      const decision = decideRetry({ error: new Error('busy'), retries, acceptedAt: 0, now: 0 }, undefined);
      return decision.kind === 'retry' ? decision.at : NaN;
    };
    expect([0, 1, 8, 9, 184].map(waitAfter)).toEqual([1_000, 2_000, 256_000, 480_000, 480_000]);
    expect(waitAfter(185)).toBeNaN();
  });
});
