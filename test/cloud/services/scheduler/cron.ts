const names = ['minutes', 'hours', 'day of month', 'month', 'day of week', 'year'] as const;
type FieldName = (typeof names)[number];

const ranges = {
  minutes: [0, 59],
  hours: [0, 23],
  'day of month': [1, 31],
  month: [1, 12],
  'day of week': [1, 7],
  year: [1970, 2199],
} as const satisfies Record<FieldName, readonly [number, number]>;

/** The values that each field allows. */
export type CronFields = Readonly<Record<FieldName, ReadonlySet<number>>>;

/** A date that comes less often (29 February at most every eight years) is taken for one that never comes. */
const searchDays = 8 * 366 + 1;

const dayMs = 86_400_000;

/**
 * Reads the six fields of `cron(minutes hours day-of-month month day-of-week year)` with numbers, lists, ranges, steps,
 * `*` and `?`; a day of week is 1 (Sunday) to 7, as on AWS. Names (`MON`), `L`, `W` and `#` are refused
 * (EventBridge Scheduler User Guide, "Cron-based schedules").
 */
export function parseCron(text: string): CronFields {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== names.length)
    throw new Error(`Invalid Schedule Expression cron(${text}): expected 6 fields, got ${fields.length}.`);
  if ((fields[2] === '?') === (fields[4] === '?'))
    throw new Error(
      `Invalid Schedule Expression cron(${text}): exactly one of day of month and day of week must be ?.`,
    );
  const entries = names.map((name, index) => [name, valuesOf(fields[index] ?? '', name)]);
  return Object.fromEntries(entries) as CronFields;
}

/** The first whole minute after `after` that all fields allow, in UTC; undefined where none comes. */
export function nextCron(fields: CronFields, after: number): number | undefined {
  const today = Math.floor(after / dayMs) * dayMs;
  for (let count = 0; count < searchDays; count += 1) {
    const day = today + count * dayMs;
    if (!allowsDay(fields, new Date(day))) continue;
    for (const hour of ascending(fields.hours))
      for (const minute of ascending(fields.minutes)) {
        const instant = day + hour * 3_600_000 + minute * 60_000;
        if (instant > after) return instant;
      }
  }
  return undefined;
}

function allowsDay(fields: CronFields, day: Date): boolean {
  return (
    fields.year.has(day.getUTCFullYear()) &&
    fields.month.has(day.getUTCMonth() + 1) &&
    fields['day of month'].has(day.getUTCDate()) &&
    fields['day of week'].has(day.getUTCDay() + 1)
  );
}

function ascending(values: ReadonlySet<number>): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

function valuesOf(field: string, name: FieldName): ReadonlySet<number> {
  return new Set(field.split(',').flatMap((part) => expand(part, field, name)));
}

function expand(part: string, field: string, name: FieldName): readonly number[] {
  const [lowest, highest] = ranges[name];
  const isDay = name === 'day of month' || name === 'day of week';
  if (part === '?' && isDay && field === '?') return range(lowest, highest, 1);
  const [, from = '', to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part) ?? [];
  const first = from === '*' ? lowest : Number(from);
  // a step without an end counts to the end of the field: 5/10 is 5, 15, 25 ...
  const last = to === undefined ? (from === '*' || step !== undefined ? highest : first) : Number(to);
  const valid =
    from !== '' &&
    !(from === '*' && to !== undefined) &&
    Number(step ?? 1) > 0 &&
    first >= lowest &&
    last <= highest &&
    first <= last;
  if (!valid)
    throw new Error(
      `Invalid Schedule Expression: the ${name} field ${field} is not supported here: ` +
        `use numbers from ${lowest} to ${highest}, lists, ranges, steps or *.`,
    );
  return range(first, last, Number(step ?? 1));
}

function range(first: number, last: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}
