import { nextCron, parseCron } from './cron.ts';

/** When a schedule runs: the first instant after `after`, or undefined where there is none any more. */
export interface Occurrences {
  next(after: number): number | undefined;
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Reads a schedule expression: `rate(value unit)`, `at(yyyy-mm-ddThh:mm:ss)`, `cron(six fields)`, all in UTC
 * (EventBridge Scheduler User Guide, "Schedule types in EventBridge Scheduler"). `from` is when a rate starts to count.
 * AWS runs a rate without a start date for the first time as soon as it exists; here the first run is one period later.
 */
export function parseExpression(expression: string, from: number): Occurrences {
  const [, kind, inner = ''] = /^(rate|at|cron)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return rate(inner, expression, from);
  if (kind === 'at') return once(inner, expression);
  if (kind !== 'cron') throw invalid(expression, 'expected rate(...), at(...) or cron(...)');
  const fields = parseCron(inner);
  return { next: (after) => nextCron(fields, after) };
}

function rate(inner: string, expression: string, from: number): Occurrences {
  const [, count = '', unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(inner) ?? [];
  const period = Number(count) * (unitMs[unit as keyof typeof unitMs] ?? 0);
  if (period === 0) throw invalid(expression, 'expected a positive number of minutes, hours or days');
  return { next: (after) => from + (Math.floor((after - from) / period) + 1) * period };
}

/** An instant that has passed never comes. */
function once(inner: string, expression: string): Occurrences {
  const at = Date.parse(`${inner}Z`);
  // written back and compared: Date.parse takes 31 February for 3 March
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== inner)
    throw invalid(expression, 'expected yyyy-mm-ddThh:mm:ss');
  return { next: (after) => (at > after ? at : undefined) };
}

function invalid(expression: string, because: string): Error {
  return new Error(`Invalid Schedule Expression ${expression}: ${because}.`);
}
