import { afterEach, describe, expect, it } from 'vitest';
import { Clock } from '../../clock.ts';
import type { DeadLetter } from './dead-letter.ts';
import { createScheduler, type Run, type ScheduleSettings } from './scheduler.ts';

const targetArn = 'arn:aws:lambda:eu-west-1:000000000000:function:chase';

const clocks: Clock[] = [];
afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});

interface Delivery {
  readonly target: string;
  readonly payload: unknown;
  readonly from: Run;
  readonly at: number;
}

function newWorld(take: (delivery: Delivery) => Promise<void> = async () => {}) {
  const clock = new Clock();
  clocks.push(clock);
  const deliveries: Delivery[] = [];
  const givenUp: Run[] = [];
  const scheduler = createScheduler({
    clock,
    deliver: async (target, payload, from) => {
      const delivery = { target, payload, from, at: clock.now() };
      deliveries.push(delivery);
      await take(delivery);
    },
    onGivenUp: (run) => givenUp.push(run),
  });
  const schedule = (expression: string, settings: Partial<ScheduleSettings> = {}): void =>
    scheduler.createSchedule({
      name: 'chase',
      arn: 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/chase',
      expression,
      targetArn,
      ...settings,
    });
  return { clock, scheduler, schedule, deliveries, givenUp };
}

describe('a schedule', () => {
  it('of one minute runs once in 61 seconds, and is awaited', async () => {
    let done = false;
    const { clock, schedule, deliveries } = newWorld(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      done = true;
    });
    schedule('rate(1 minute)', { input: '{"page":1}' });
    await clock.advance(61_000);
    expect(done).toBe(true);
    expect(deliveries).toMatchObject([
      { target: targetArn, payload: { page: 1 }, from: { name: 'chase', attempt: 1 } },
    ]);
  });

  it('runs at every due instant of a long jump, at the time of that instant', async () => {
    const { clock, schedule, deliveries } = newWorld();
    const start = clock.now();
    schedule('rate(1 hour)');
    await clock.advance(86_400_000);
    const hours = deliveries.map(({ at }) => Math.round((at - start) / 3_600_000));
    expect(hours).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  });

  it('runs in real time too', async () => {
    const { clock, schedule, deliveries } = newWorld();
    schedule('rate(1 minute)');
    await clock.advance(59_950);
    expect(deliveries).toEqual([]);
    while (deliveries.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(deliveries[0]?.from.attempt).toBe(1);
  });

  it('at an instant runs once', async () => {
    const { clock, schedule, deliveries } = newWorld();
    const due = Math.ceil(clock.now() / 1000) * 1000 + 10_000;
    schedule(`at(${new Date(due).toISOString().slice(0, 19)})`);
    await clock.advance(86_400_000);
    expect(deliveries.map(({ from }) => from.scheduledAt)).toEqual([due]);
  });

  it('does not run while disabled, but can be fired by hand', async () => {
    const { clock, scheduler, schedule, deliveries } = newWorld();
    schedule('rate(1 minute)', { state: 'DISABLED' });
    await clock.advance(600_000);
    expect(deliveries).toEqual([]);
    await scheduler.fire('chase');
    expect(deliveries).toHaveLength(1);
  });

  it('passes its due instants while paused, and goes on afterwards', async () => {
    const { clock, scheduler, schedule, deliveries } = newWorld();
    schedule('rate(1 minute)');
    scheduler.paused = true;
    await clock.advance(600_000);
    await scheduler.fire('chase');
    expect(deliveries).toHaveLength(1);
    scheduler.paused = false;
    await clock.advance(60_000);
    expect(deliveries).toHaveLength(2);
  });

  it('overlaps itself where its target is slower than its rhythm', async () => {
    let running = 0;
    let most = 0;
    const { clock, schedule, deliveries } = newWorld(async () => {
      most = Math.max(most, (running += 1));
      if (deliveries.length === 1) await clock.advance(60_000);
      running -= 1;
    });
    schedule('rate(1 minute)');
    await clock.advance(61_000);
    expect([deliveries.length, most]).toEqual([2, 2]);
  });

  it('is forgotten when the scheduler stops', async () => {
    const { clock, scheduler, schedule, deliveries } = newWorld();
    schedule('rate(1 minute)');
    scheduler.stop();
    await clock.advance(600_000);
    expect(deliveries).toEqual([]);
    await expect(scheduler.fire('chase')).rejects.toThrow('Schedule chase does not exist.');
  });

  it('has its name alone', () => {
    const { schedule } = newWorld();
    schedule('rate(1 minute)');
    expect(() => schedule('rate(2 minutes)')).toThrow('Schedule chase already exists.');
  });
});

describe('a delivery that fails', () => {
  const refuse = () => Promise.reject(new Error('throttled'));

  it('is tried again with growing pauses until the target takes it', async () => {
    const { clock, schedule, deliveries, givenUp } = newWorld(({ from }) =>
      from.attempt < 4 ? refuse() : Promise.resolve(),
    );
    schedule('rate(1 hour)', { input: '"<aws.scheduler.attempt-number>"' });
    await clock.advance(3_660_000);
    expect(deliveries.map(({ payload }) => payload)).toEqual(['1', '2', '3', '4']);
    expect(new Set(deliveries.map(({ from }) => from.executionId)).size).toBe(1);
    const pauses = deliveries
      .slice(1)
      .map(({ at }, index) => Math.round((at - (deliveries[index]?.at ?? 0)) / 1000));
    expect(pauses).toEqual([1, 2, 4]);
    expect(givenUp).toEqual([]);
  });

  it('is given up after the retries of its policy', async () => {
    const { clock, schedule, deliveries, givenUp } = newWorld(refuse);
    schedule('rate(1 hour)', { retry: { retriesMax: 2 } });
    await clock.advance(3_660_000);
    expect(deliveries).toHaveLength(3);
    expect(givenUp).toMatchObject([{ name: 'chase', attempt: 3 }]);
  });

  it('is given up when the event is older than its policy allows', async () => {
    const { clock, schedule, deliveries, givenUp } = newWorld(refuse);
    schedule('rate(1 hour)', { retry: { eventAgeSecondsMax: 60 } });
    await clock.advance(3_800_000);
    expect(deliveries).toHaveLength(6);
    expect(givenUp).toHaveLength(1);
  });

  it.each([
    [
      'its retries',
      { retriesMax: 2 },
      { EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts', RETRY_ATTEMPTS: '2' },
    ],
    [
      'the time of its event',
      { eventAgeSecondsMax: 60 },
      { EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds', RETRY_ATTEMPTS: '5' },
    ],
  ])('leaves a dead letter that says why, at the end of %s', async (_, retry, says) => {
    const { clock, schedule } = newWorld(refuse);
    const buried: DeadLetter[] = [];
    schedule('rate(1 hour)', { retry, input: '{"page":1}', bury: (letter) => void buried.push(letter) });
    await clock.advance(3_800_000);
    expect(buried).toMatchObject([
      {
        body: '{"page":1}',
        attributes: {
          SCHEDULE_ARN: 'arn:aws:scheduler:eu-west-1:000000000000:schedule/default/chase',
          TARGET_ARN: targetArn,
          ERROR_CODE: 'Error',
          ERROR_MESSAGE: 'throttled',
          ...says,
        },
      },
    ]);
  });

  it('leaves no dead letter where a later try succeeds', async () => {
    const { clock, schedule } = newWorld(({ from }) => (from.attempt < 3 ? refuse() : Promise.resolve()));
    const buried: DeadLetter[] = [];
    schedule('rate(1 hour)', { bury: (letter) => void buried.push(letter) });
    await clock.advance(3_660_000);
    expect(buried).toEqual([]);
  });

  it('is told to whoever fired by hand', async () => {
    const { scheduler, schedule } = newWorld(refuse);
    schedule('rate(1 hour)');
    await expect(scheduler.fire('chase')).rejects.toThrow('throttled');
  });
});

describe('the input of a schedule', () => {
  it('is AWS default event where the schedule has none', async () => {
    const { scheduler, schedule, deliveries } = newWorld();
    schedule('rate(1 hour)');
    await scheduler.fire('chase');
    expect(deliveries[0]?.payload).toEqual({
      version: '0',
      id: deliveries[0]?.from.executionId,
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: '000000000000',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'eu-west-1',
      resources: ['arn:aws:scheduler:eu-west-1:000000000000:schedule/default/chase'],
      detail: '{}',
    });
  });

  it('gets its context attributes, and stays text where it is no JSON', async () => {
    const { scheduler, schedule, deliveries } = newWorld();
    schedule('rate(1 hour)', { input: 'run <aws.scheduler.execution-id> of <aws.scheduler.schedule-arn>' });
    await scheduler.fire('chase');
    const { payload, from } = deliveries[0] ?? {};
    expect(payload).toBe(`run ${from?.executionId} of ${from?.arn}`);
  });
});
