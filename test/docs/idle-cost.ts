import type { IdleHour } from './idle-hour.ts';

/** What `measureIdleHour` found; a test plays the hour again. */
export const idleHour: IdleHour = {
  invocations: 421,
  readUnits: 2491,
  writeUnits: 0,
  requests: { dynamodb: 3241, secretsmanager: 2, sqs: 60 },
  tablesOfFunctions: 8,
  logKilobytes: 63,
  customMetrics: 12,
};

export interface CostRow {
  readonly what: string;
  /** How many a month, and where the number is from. */
  readonly count: number;
  readonly from: string;
  /** Dollars for so many. */
  readonly price: number;
  readonly per: number;
  readonly page: string;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

const hours = 730;
/** Nobody measured it on AWS. */
const assumed = { millisecondsEach: 100, platformLogBytesEach: 1_000 };
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html: five at once, never fewer where a maximum is set. */
const pollersOfMapping = 5;
/** The longest that SQS lets a receive wait. */
const pollSeconds = 20;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html: each five minutes, for each caller. */
const keyCallsAnHour = 12;

/** What the stack costs a month while nothing happens: counts from its template and an hour at rest, times list prices of us-east-1. */
export function idleCost(resources: readonly Resource[], hour: IdleHour): readonly CostRow[] {
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);
  const invocations = hour.invocations * hours;
  const memoryGigabytes = Math.max(
    ...ofType('AWS::Lambda::Function').map(({ Properties }) => Number(Properties?.['MemorySize']) / 1024),
  );
  const mappings = ofType('AWS::Lambda::EventSourceMapping').length;
  const polls = mappings * pollersOfMapping * (3_600 / pollSeconds) * hours;
  const { requests } = hour;
  const keyCalls = (hour.tablesOfFunctions * keyCallsAnHour + (requests['secretsmanager'] ?? 0)) * hours;
  const logGigabytes =
    (invocations * assumed.platformLogBytesEach + hour.logKilobytes * 1024 * hours) / 1_000_000_000;
  const template = 'template';
  const measured = 'hour at rest';
  const row = (
    what: string,
    [count, from]: readonly [number, string],
    [price, per]: readonly [number, number],
    page: string,
  ): CostRow => ({ what, count, from, price, per, page });
  const aws = 'https://aws.amazon.com';
  return [
    row('keys', [ofType('AWS::KMS::Key').length, template], [1, 1], `${aws}/kms/pricing/`),
    row(
      'requests to keys',
      [keyCalls, `${measured}, and 12 an hour for each function and table`],
      [0.03, 10_000],
      `${aws}/kms/pricing/`,
    ),
    row(
      'secrets',
      [ofType('AWS::SecretsManager::Secret').length, `${template}; yours beside them`],
      [0.4, 1],
      `${aws}/secrets-manager/pricing/`,
    ),
    row(
      'requests to secrets',
      [(requests['secretsmanager'] ?? 0) * hours, measured],
      [0.05, 10_000],
      `${aws}/secrets-manager/pricing/`,
    ),
    row(
      'metrics in alarms',
      [metricsInAlarms(ofType('AWS::CloudWatch::Alarm')), template],
      [0.1, 1],
      `${aws}/cloudwatch/pricing/`,
    ),
    row(
      'dashboards',
      [ofType('AWS::CloudWatch::Dashboard').length, template],
      [3, 1],
      `${aws}/cloudwatch/pricing/`,
    ),
    row('custom metrics', [hour.customMetrics, measured], [0.3, 1], `${aws}/cloudwatch/pricing/`),
    row(
      'GB of logs',
      [logGigabytes, `1 KB an invocation, assumed, and ${measured}`],
      [0.5, 1],
      `${aws}/cloudwatch/pricing/`,
    ),
    row('ticks of schedules', [invocations, measured], [1, 1_000_000], `${aws}/eventbridge/pricing/`),
    row('invocations', [invocations, measured], [0.2, 1_000_000], `${aws}/lambda/pricing/`),
    row(
      'GB-seconds',
      [(invocations * assumed.millisecondsEach * memoryGigabytes) / 1000, '100 ms an invocation, assumed'],
      [0.0000133334, 1],
      `${aws}/lambda/pricing/`,
    ),
    row(
      'traces',
      [invocations, 'every invocation: the most that is sampled'],
      [5, 1_000_000],
      `${aws}/xray/pricing/`,
    ),
    row(
      'receives from queues',
      [
        polls + (requests['sqs'] ?? 0) * hours,
        `${mappings} mappings, 5 receives of 20 s at once, and ${measured}`,
      ],
      [0.4, 1_000_000],
      `${aws}/sqs/pricing/`,
    ),
    row(
      'read units',
      [hour.readUnits * hours, measured],
      [0.125, 1_000_000],
      `${aws}/dynamodb/pricing/on-demand/`,
    ),
    row(
      'write units',
      [hour.writeUnits * hours, measured],
      [0.625, 1_000_000],
      `${aws}/dynamodb/pricing/on-demand/`,
    ),
  ];
}

export const dollarsOf = ({ count, price, per }: CostRow): number => (count * price) / per;

/** An alarm over an expression is billed for each metric in it. */
function metricsInAlarms(alarms: readonly Resource[]): number {
  return alarms
    .map(({ Properties }) => {
      const metrics = (Properties?.['Metrics'] ?? []) as readonly { readonly MetricStat?: unknown }[];
      return Math.max(1, metrics.filter(({ MetricStat }) => MetricStat).length);
    })
    .reduce((sum, count) => sum + count, 0);
}
