import { GraphWidget, type IWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { WorkQueue } from '../../compute/work-queue.ts';
import { minute, rescindMetric } from '../rescind-metric.ts';
import { sizeOf } from './size.ts';

/** How much waits, and for how long. */
export function queuesRow(queues: Readonly<Record<string, WorkQueue>>, stage: string): readonly IWidget[] {
  const size = sizeOf(2);
  const told = { period: minute, statistic: Stats.MAXIMUM };
  return [
    new GraphWidget({
      ...size,
      title: 'Queues: messages',
      left: Object.entries(queues).map(([label, { queue }]) =>
        queue.metricApproximateNumberOfMessagesVisible({ ...told, label }),
      ),
      right: [
        rescindMetric('RecordsFailed', stage, { statistic: Stats.SUM, label: 'failed, and come again' }),
      ],
      leftYAxis: { min: 0 },
    }),
    new GraphWidget({
      ...size,
      title: 'Queues: age of the oldest message, in seconds',
      left: Object.entries(queues).map(([label, { queue }]) =>
        queue.metricApproximateAgeOfOldestMessage({ ...told, label }),
      ),
      leftYAxis: { min: 0 },
    }),
  ];
}
