import { randomUUID } from 'node:crypto';
import type { Clock, Timer } from '../../clock.ts';
import { type DeadLetter, deadLetterOf, type Exhausted } from './dead-letter.ts';
import { type Occurrences, parseExpression } from './expression.ts';
import { type Run, renderInput } from './schedule-input.ts';

export type { Run } from './schedule-input.ts';

/** EventBridge Scheduler User Guide, "Configuring retry policy": what a schedule without one has. */
const retryDefault = { retriesMax: 185, eventAgeSecondsMax: 86_400 };

/** AWS says "exponential backoff" and no numbers. */
const backoff = { firstMs: 1_000, longestMs: 600_000 };

interface RetryPolicy {
  /** @default 185 */
  readonly retriesMax?: number;
  /** @default 86,400 */
  readonly eventAgeSecondsMax?: number;
}

export interface ScheduleSettings {
  readonly name: string;
  readonly arn: string;
  /** `rate(...)`, `at(...)` or `cron(...)`, in UTC. */
  readonly expression: string;
  readonly targetArn: string;
  /** The target's input as the template gives it: text, usually JSON. @default the event "Scheduled Event" */
  readonly input?: string;
  /** @default 'ENABLED' */
  readonly state?: 'ENABLED' | 'DISABLED';
  readonly retry?: RetryPolicy;
  /** Throws where the schedule may not invoke its target. @default it may */
  readonly mayDeliver?: () => void;
  /** Puts what was given up into the schedule's dead-letter queue. @default it is dropped */
  readonly bury?: (letter: DeadLetter) => void;
}

/** Hands one event to a target; a rejection means that the target did not take it. */
export type Deliver = (targetArn: string, payload: unknown, from: Run) => Promise<void>;

/** The local stand-in for EventBridge Scheduler; it runs by the world's clock. */
export interface Scheduler {
  createSchedule(settings: ScheduleSettings): void;
  /** While true, due runs and retries pass without a delivery, and are not made up for later. */
  paused: boolean;
  /** Delivers one schedule's event now, once, also while paused or disabled; rejects with the target's error. */
  fire(name: string): Promise<void>;
  /** Forgets every schedule and retry. */
  stop(): void;
}

interface Schedule {
  readonly settings: ScheduleSettings;
  readonly occurrences: Occurrences;
}

/**
 * Makes an empty Scheduler. A schedule may overlap itself: AWS does not promise otherwise. AWS is exact to the minute,
 * this one to the millisecond, and it delivers once where AWS says at least once.
 */
export function createScheduler(options: {
  readonly clock: Clock;
  readonly deliver: Deliver;
  /** Hears of an event that its retry policy gave up, whether its schedule has a dead-letter queue or not. */
  readonly onGivenUp?: (run: Run, error: unknown) => void;
  /** Execution ids; @default random UUIDs */
  readonly newId?: () => string;
}): Scheduler {
  const { clock, deliver } = options;
  const newId = options.newId ?? randomUUID;
  const schedules = new Map<string, Schedule>();
  const timers = new Set<Timer>();

  const later = (at: number, run: () => Promise<void>): void => {
    const timer = clock.at(at, () => {
      timers.delete(timer);
      return run();
    });
    timers.add(timer);
  };

  const arm = (schedule: Schedule, after: number): void => {
    const next = schedule.occurrences.next(after);
    if (next === undefined) return;
    later(next, async () => {
      // armed before the delivery: a slow target does not hold the next run
      arm(schedule, next);
      await attempt(schedule.settings, newRun(schedule.settings, next));
    });
  };

  const newRun = ({ name, arn }: ScheduleSettings, scheduledAt: number): Run => ({
    name,
    arn,
    scheduledAt,
    executionId: newId(),
    attempt: 1,
  });

  const attempt = async (settings: ScheduleSettings, run: Run): Promise<void> => {
    if (scheduler.paused) return;
    try {
      settings.mayDeliver?.();
      await deliver(settings.targetArn, renderInput(settings.input, run), run);
    } catch (error) {
      const next = retryAt(settings.retry ?? {}, run, clock.now());
      if (typeof next === 'number')
        return later(next, () => attempt(settings, { ...run, attempt: run.attempt + 1 }));
      settings.bury?.(deadLetterOf(settings, run, error, next));
      options.onGivenUp?.(run, error);
    }
  };

  const scheduler: Scheduler = {
    paused: false,
    createSchedule(settings) {
      if (schedules.has(settings.name)) throw new Error(`Schedule ${settings.name} already exists.`);
      const schedule = { settings, occurrences: parseExpression(settings.expression, clock.now()) };
      schedules.set(settings.name, schedule);
      if (settings.state !== 'DISABLED') arm(schedule, clock.now());
    },
    async fire(name) {
      const schedule = schedules.get(name);
      if (!schedule) throw new Error(`Schedule ${name} does not exist.`);
      const { settings } = schedule;
      const run = newRun(settings, clock.now());
      settings.mayDeliver?.();
      await deliver(settings.targetArn, renderInput(settings.input, run), run);
    },
    stop() {
      for (const timer of timers) timer.cancel();
      timers.clear();
      schedules.clear();
    },
  };
  return scheduler;
}

/** When the run is tried again, or where its retry policy ends. */
function retryAt(policy: RetryPolicy, run: Run, now: number): number | Exhausted {
  const { retriesMax, eventAgeSecondsMax } = { ...retryDefault, ...policy };
  const at = now + Math.min(backoff.firstMs * 2 ** (run.attempt - 1), backoff.longestMs);
  if (run.attempt > retriesMax) return 'MaximumRetryAttempts';
  return at > run.scheduledAt + eventAgeSecondsMax * 1000 ? 'MaximumEventAgeInSeconds' : at;
}
