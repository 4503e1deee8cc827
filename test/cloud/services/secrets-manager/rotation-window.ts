import { AwsError } from '../../service.ts';
import { nextCron, parseCron } from '../scheduler/cron.ts';
import type { RotationRules } from './rotation.ts';
import { holderOf, type Secret } from './secret.ts';

/** AWS rotates at some time in between; here it is as soon as the window opens. */
export interface RotationWindow {
  readonly opensAt: number;
  readonly closesAt: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** "You can rotate a secret as often as every four hours." */
const rateHoursMin = 4;

/**
 * The window in which the secret is due: the first one after the latest rotation, or the latest setting of the rules. A value
 * put by hand counts as a rotation (User Guide, "Rotation by Lambda function"). In the past where a rotation failed.
 */
export function dueWindow(secret: Secret): RotationWindow | undefined {
  if (!secret.rotation) return undefined;
  const { rules, configuredAt, rotatedAt = 0 } = secret.rotation;
  const putAt = holderOf(secret, 'AWSCURRENT')?.createdAt ?? 0;
  return nextWindow(rules, Math.max(configuredAt, rotatedAt, putAt));
}

/**
 * The first window after `from`, in UTC: of a rate in days from midnight to the end of the day, of a rate in hours for one hour,
 * unless the rules name a duration (Secrets Manager User Guide, "Rotation schedules"). Undefined where there is no schedule
 * or where its cron expression never comes again.
 */
export function nextWindow(rules: RotationRules | undefined, from: number): RotationWindow | undefined {
  const schedule = rules && scheduleOf(rules);
  const opensAt = schedule?.next(from);
  if (!rules || !schedule || opensAt === undefined) return undefined;
  const endOfDay = (Math.floor(opensAt / dayMs) + 1) * dayMs;
  const lasts = rules.Duration === undefined ? undefined : Number.parseInt(rules.Duration, 10) * hourMs;
  const closesAt = opensAt + (lasts ?? (schedule.inHours ? hourMs : endOfDay - opensAt));
  return { opensAt, closesAt: Math.min(closesAt, endOfDay) };
}

/** Refuses rules that say two things, or one that nothing here understands. */
export function refuseBadRules(rules: RotationRules): void {
  if (rules.AutomaticallyAfterDays !== undefined && rules.ScheduleExpression !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both AutomaticallyAfterDays and ScheduleExpression.",
    );
  scheduleOf(rules);
}

interface Schedule {
  readonly inHours: boolean;
  next(from: number): number | undefined;
}

function scheduleOf(rules: RotationRules): Schedule | undefined {
  if (rules.AutomaticallyAfterDays !== undefined) return everyDays(rules.AutomaticallyAfterDays);
  const expression = rules.ScheduleExpression;
  if (expression === undefined) return undefined;
  const [, kind, inner = ''] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  const [, count = '', unit] = /^(\d+) (hour|day)s?$/.exec(inner) ?? [];
  if (kind === 'cron') return cron(inner, expression);
  if (kind === 'rate' && unit === 'day' && Number(count) > 0) return everyDays(Number(count));
  if (kind === 'rate' && unit === 'hour' && Number(count) >= rateHoursMin) return everyHours(Number(count));
  throw invalid(expression);
}

function everyDays(count: number): Schedule {
  return { inHours: false, next: (from) => (Math.floor(from / dayMs) + count) * dayMs };
}

/** Counted from midnight. */
function everyHours(count: number): Schedule {
  const period = count * hourMs;
  return { inHours: true, next: (from) => (Math.floor(from / period) + 1) * period };
}

function cron(inner: string, expression: string): Schedule {
  try {
    const fields = parseCron(inner);
    return { inHours: fields.hours.size > 1, next: (from) => nextCron(fields, from) };
  } catch {
    throw invalid(expression);
  }
}

function invalid(expression: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid schedule expression: ${expression}.`);
}
