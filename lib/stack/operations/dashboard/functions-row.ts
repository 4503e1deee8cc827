import { GraphWidget, type IWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { functionTimeoutSeconds } from '../../../domain/limits.ts';
import type { FunctionName } from '../../../wire/environment.ts';
import type { WorkerFunction } from '../../compute/worker-function.ts';
import { minute } from '../rescind-metric.ts';
import { sizeOf } from './size.ts';

/** Which function fails, is throttled, or runs out of time. */
export function functionsRow(workers: readonly WorkerFunction<FunctionName>[]): readonly IWidget[] {
  const size = sizeOf(3);
  return [
    new GraphWidget({
      ...size,
      title: 'Functions: errors',
      left: workers.map(({ name, function: one }) =>
        one.metricErrors({ period: minute, statistic: Stats.SUM, label: name }),
      ),
      leftYAxis: { min: 0 },
    }),
    new GraphWidget({
      ...size,
      title: 'Functions: throttles',
      left: workers.map(({ name, function: one }) =>
        one.metricThrottles({ period: minute, statistic: Stats.SUM, label: name }),
      ),
      leftYAxis: { min: 0 },
    }),
    new GraphWidget({
      ...size,
      title: 'Functions: duration in milliseconds, p99',
      left: workers.map(({ name, function: one }) =>
        one.metricDuration({ period: minute, statistic: Stats.percentile(99), label: name }),
      ),
      leftYAxis: { min: 0 },
      leftAnnotations: [{ value: functionTimeoutSeconds * 1000, label: 'time limit' }],
    }),
  ];
}
