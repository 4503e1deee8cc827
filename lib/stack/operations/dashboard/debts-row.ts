import { GraphWidget, type IWidget, SingleValueWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Targets } from '../../../wire/environment.ts';
import { rescindMetric } from '../rescind-metric.ts';
import { sizeOf } from './size.ts';

const statistic = Stats.MAXIMUM;

/** "Is anything alive that should be dead?" */
export function debtsRow(stage: string, targets: Targets): readonly IWidget[] {
  const size = sizeOf(4);
  const regimes = Object.entries(targets);
  return [
    new SingleValueWidget({
      ...size,
      title: 'Alive that should be dead',
      metrics: [
        rescindMetric('AliveCredentials', stage, { statistic, label: 'credentials' }),
        rescindMetric('UncoveredCredentials', stage, { statistic, label: 'nobody can kill' }),
        rescindMetric('OpenCases', stage, { statistic, label: 'open cases' }),
      ],
    }),
    new SingleValueWidget({
      ...size,
      title: 'Over target, and counted',
      metrics: [
        ...regimes.map(([regime]) =>
          rescindMetric('OverTarget', stage, { statistic, label: `over: ${regime}` }, regime),
        ),
        rescindMetric('CountedAll', stage, { statistic: Stats.MINIMUM, label: 'all counted (1)' }),
      ],
    }),
    new GraphWidget({
      ...size,
      title: 'Oldest open case by regime, in seconds',
      left: regimes.map(([regime]) =>
        rescindMetric('OldestOpenSeconds', stage, { statistic, label: regime }, regime),
      ),
      leftYAxis: { min: 0 },
      leftAnnotations: regimes.map(([regime, { completeMinutes }]) => ({
        value: completeMinutes * 60,
        label: `target: ${regime}`,
      })),
    }),
    new GraphWidget({
      ...size,
      title: 'Alive, and overdue',
      left: [
        rescindMetric('AliveCredentials', stage, { statistic, label: 'alive' }),
        rescindMetric('OverdueObligations', stage, { statistic, label: 'nobody came to work on' }),
        rescindMetric('FailingAuthorities', stage, { statistic, label: 'authorities that do not answer' }),
      ],
      leftYAxis: { min: 0 },
    }),
  ];
}
