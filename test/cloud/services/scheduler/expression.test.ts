import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextCron, parseCron } from './cron.ts';
import { parseExpression } from './expression.ts';

const instant = (text: string): number => Date.parse(`${text}Z`);
const next = (expression: string, after: string): string | undefined => {
  const at = parseExpression(expression, instant('2026-01-01T00:00:00')).next(instant(after));
  return at === undefined ? undefined : new Date(at).toISOString().slice(0, 19);
};

describe('parseExpression', () => {
  it.each([
    ['rate(1 minute)', '2026-01-01T00:00:00', '2026-01-01T00:01:00'],
    ['rate(5 minutes)', '2026-01-01T00:07:30', '2026-01-01T00:10:00'],
    ['rate(2 hours)', '2026-01-01T02:00:00', '2026-01-01T04:00:00'],
    ['rate(7 days)', '2026-01-01T00:00:01', '2026-01-08T00:00:00'],
    ['at(2026-03-01T08:30:00)', '2026-01-01T00:00:00', '2026-03-01T08:30:00'],
    ['at(2026-03-01T08:30:00)', '2026-03-01T08:30:00', undefined],
    ['cron(15 10 * * ? *)', '2026-01-01T10:15:00', '2026-01-02T10:15:00'],
    ['cron(0/20 8-9 ? * 2-6 *)', '2026-01-02T09:40:00', '2026-01-05T08:00:00'],
    ['cron(0 0 29 2 ? *)', '2026-01-01T00:00:00', '2028-02-29T00:00:00'],
    ['cron(*/15 0 1,15 * ? *)', '2026-01-01T00:46:00', '2026-01-15T00:00:00'],
    ['cron(0 0 1 1 ? 2020)', '2026-01-01T00:00:00', undefined],
    ['cron(0 0 30 2 ? *)', '2026-01-01T00:00:00', undefined],
  ])('%s after %s comes at %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it.each([
    ['every minute', 'expected rate(...), at(...) or cron(...)'],
    ['rate(0 minutes)', 'positive number'],
    ['rate(1 week)', 'positive number'],
    ['rate(1.5 hours)', 'positive number'],
    ['at(2026-02-31T00:00:00)', 'yyyy-mm-ddThh:mm:ss'],
    ['at(2026-02-01)', 'yyyy-mm-ddThh:mm:ss'],
    ['cron(0 0 * * ?)', 'expected 6 fields, got 5'],
    ['cron(0 0 * * * *)', 'exactly one of day of month and day of week must be ?'],
    ['cron(0 0 ? * ? *)', 'exactly one of day of month and day of week must be ?'],
    ['cron(60 0 * * ? *)', 'the minutes field 60 is not supported here'],
    ['cron(0 0 L * ? *)', 'the day of month field L is not supported here'],
    ['cron(0 0 ? * MON *)', 'the day of week field MON is not supported here'],
    ['cron(0 0 ? * 2#1 *)', 'the day of week field 2#1 is not supported here'],
    ['cron(*/0 0 * * ? *)', 'the minutes field */0 is not supported here'],
    ['cron(9-5 0 * * ? *)', 'the minutes field 9-5 is not supported here'],
  ])('refuses %s and says why', (expression, why) => {
    expect(() => parseExpression(expression, 0)).toThrow(why);
  });
});

describe('nextCron', () => {
  const list = (lowest: number, highest: number) =>
    fc.oneof(
      fc.constant('*'),
      fc
        .uniqueArray(fc.integer({ min: lowest, max: highest }), { minLength: 1, maxLength: 4 })
        .map((each) => each.join()),
      fc.integer({ min: 1, max: 20 }).map((step) => `*/${step}`),
    );
  const days = fc.oneof(
    list(1, 28).map((day) => [day, '?'] as const),
    list(1, 7).map((day) => ['?', day] as const),
  );

  it('gives the first minute that every field allows, as trying each minute would', () => {
    const cases = fc.record({ minutes: list(0, 59), hours: list(0, 23), days });
    fc.assert(
      fc.property(
        cases,
        fc.integer({ min: 0, max: 60 * 24 * 365 }),
        ({ minutes, hours, days: [day, weekday] }, start) => {
          const fields = parseCron(`${minutes} ${hours} ${day} * ${weekday} *`);
          const after = instant('2026-01-01T00:00:00') + start * 60_000 + 1;
          let expected = Math.ceil(after / 60_000) * 60_000;
          const allowed = (at: Date): boolean =>
            fields.minutes.has(at.getUTCMinutes()) &&
            fields.hours.has(at.getUTCHours()) &&
            fields['day of month'].has(at.getUTCDate()) &&
            fields['day of week'].has(at.getUTCDay() + 1);
          while (!allowed(new Date(expected))) expected += 60_000;
          expect(nextCron(fields, after)).toBe(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
