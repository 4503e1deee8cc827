import * as z from 'zod';

/** One number of one metric. */
export interface Datapoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

export type AlarmState = 'alarm' | 'ok' | 'unchanged';

const dimensions = z
  .array(z.object({ Name: z.string(), Value: z.string() }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])));

const statistics = {
  Sum: (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values: readonly number[]) => Math.max(...values),
  Minimum: (values: readonly number[]) => Math.min(...values),
};
const statistic = z.enum(['Sum', 'Maximum', 'Minimum']);

const comparisons = {
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
};

const silences = { breaching: 'alarm', notBreaching: 'ok', ignore: 'unchanged' } as const;

const one = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensions,
  Statistic: statistic,
  Period: z.number(),
});

const queried = z.union([
  z.object({
    Id: z.string(),
    MetricStat: z.object({
      Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
      Period: z.number(),
      Stat: statistic,
    }),
    ReturnData: z.literal(false),
  }),
  z.object({ Expression: z.string() }),
]);

const alarm = z.object({
  // one period decides: what is more than that, this does not know
  EvaluationPeriods: z.literal(1),
  DatapointsToAlarm: z.literal(1).optional(),
  ComparisonOperator: z.enum([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
  ] satisfies (keyof typeof comparisons)[]),
  Threshold: z.number(),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore']),
});

type Watched = z.output<typeof one>;

/**
 * What CloudWatch would make of an alarm of the template at `now`, by these numbers: its last period, its statistic, its comparison, and
 * what it says of missing data. Throws for a definition that is not understood here.
 */
export function evaluateAlarm(
  properties: Readonly<Record<string, unknown>>,
  points: readonly Datapoint[],
  now: number,
): AlarmState {
  const { ComparisonOperator, Threshold, TreatMissingData } = alarm.parse(properties);
  const value =
    properties['Metrics'] === undefined
      ? valueOf(one.parse(properties), points, now)
      : highest(z.array(queried).parse(properties['Metrics']), points, now);
  if (value === undefined) return silences[TreatMissingData];
  return comparisons[ComparisonOperator](value, Threshold) ? 'alarm' : 'ok';
}

function valueOf(watched: Watched, points: readonly Datapoint[], now: number): number | undefined {
  const values = points
    .filter(
      (point) =>
        point.namespace === watched.Namespace &&
        point.name === watched.MetricName &&
        // another set of dimensions is another metric
        sameDimensions(point.dimensions, watched.Dimensions) &&
        point.at > now - watched.Period * 1000 &&
        point.at <= now,
    )
    .map((point) => point.value);
  return values.length === 0 ? undefined : statistics[watched.Statistic](values);
}

/** `MAX([FILL(m0, 0), FILL(m1, 0)])`, the one expression that our alarms use. */
function highest(
  queries: readonly z.output<typeof queried>[],
  points: readonly Datapoint[],
  now: number,
): number | undefined {
  const [expression = ''] = queries.flatMap((query) => ('Expression' in query ? [query.Expression] : []));
  const list = /^MAX\(\[(FILL\(\w+, 0\)(?:, FILL\(\w+, 0\))*)\]\)$/.exec(expression)?.[1];
  if (list === undefined) throw new Error(`the expression ${expression} is not understood`);
  const names = [...list.matchAll(/FILL\((\w+), 0\)/g)].map(([, name]) => name);
  const values = names.map((name) => {
    const query = queries.find((each) => 'Id' in each && each.Id === name);
    if (!query || !('MetricStat' in query))
      throw new Error(`${expression} names ${name}, which is no metric`);
    const { Metric, Stat, Period } = query.MetricStat;
    return valueOf({ ...Metric, Statistic: Stat, Period }, points, now);
  });
  // FILL gives numbers where at least one of them has some
  return values.every((value) => value === undefined)
    ? undefined
    : Math.max(...values.map((value) => value ?? 0));
}

function sameDimensions(a: Datapoint['dimensions'], b: Datapoint['dimensions']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
