import { GraphWidget, type IWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { rescindMetric } from '../rescind-metric.ts';
import { sizeOf } from './size.ts';

const statistic = Stats.MAXIMUM;

/** Whether what was done is sealed, and told. */
export function ledgerRow(stage: string): readonly IWidget[] {
  const size = sizeOf(3);
  return [
    new GraphWidget({
      ...size,
      title: 'Ledger: what waits for its seal',
      left: [rescindMetric('UnsealedEntries', stage, { statistic, label: 'entries' })],
      right: [
        rescindMetric('OldestUnsealedSeconds', stage, { statistic, label: 'the oldest, in seconds' }),
        rescindMetric('CheckpointAgeSeconds', stage, { statistic, label: 'last checkpoint, seconds ago' }),
      ],
      leftYAxis: { min: 0 },
      rightYAxis: { min: 0 },
    }),
    new GraphWidget({
      ...size,
      title: 'Events that wait for the bus',
      left: [rescindMetric('WaitingEvents', stage, { statistic, label: 'events' })],
      leftYAxis: { min: 0 },
    }),
    new GraphWidget({
      ...size,
      title: 'Done: events sent, secrets rotated',
      left: [
        rescindMetric('EventsSent', stage, { statistic: Stats.SUM, label: 'events' }),
        rescindMetric('SecretsRotated', stage, { statistic: Stats.SUM, label: 'rotations' }),
      ],
      leftYAxis: { min: 0 },
    }),
  ];
}
