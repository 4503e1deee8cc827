import { GraphWidget, type IMetric, type IWidget, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type MeasureFacts, type MeasureName, measures, namespace } from '../../../wire/metrics/measures.ts';
import { minute, rescindMetric } from '../rescind-metric.ts';
import { sizeOf } from './size.ts';

const statistic = Stats.SUM;

/** What came in, and what the authorities made of it. */
export function outcomesRow(stage: string): readonly IWidget[] {
  const size = sizeOf(3);
  return [
    new GraphWidget({
      ...size,
      title: 'Announcements, and effects',
      left: [
        rescindMetric('AnnouncementsTaken', stage, { statistic, label: 'taken' }),
        rescindMetric('FencesRaised', stage, { statistic, label: 'fences raised' }),
        each('AnnouncementsRejected', stage, 'rejected: '),
      ],
      leftYAxis: { min: 0 },
    }),
    new GraphWidget({
      ...size,
      title: 'Attempts at authorities, by outcome',
      left: [each('Attempts', stage, '')],
      leftYAxis: { min: 0 },
    }),
    new GraphWidget({
      ...size,
      title: 'Credentials proven dead',
      left: [rescindMetric('CredentialsProvenDead', stage, { statistic, label: 'credentials' })],
      leftYAxis: { min: 0 },
    }),
  ];
}

/** One line for each value that the dimension of a metric has had. */
function each(name: MeasureName, stage: string, prefix: string): IMetric {
  const { by }: MeasureFacts = measures[name];
  if (by === undefined) throw new Error(`${name} has one line only`);
  // dimensions in the schema stand in braces, in any order:
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
  const search = `{${namespace},${by},stage} MetricName="${name}" stage="${stage}"`;
  return new MathExpression({
    expression: `SEARCH('${search}', 'Sum', ${minute.toSeconds()})`,
    usingMetrics: {},
    label: `${prefix}\${PROP('Dim.${by}')}`,
    period: minute,
  });
}
