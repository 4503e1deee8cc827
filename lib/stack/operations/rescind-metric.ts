import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type ByOf,
  type MeasureFacts,
  type MeasureName,
  measures,
  namespace,
} from '../../wire/metrics/measures.ts';

/** What measures what is open runs each minute. */
export const minute = Duration.minutes(1);

/** A metric that our functions tell, of one stage. */
export function rescindMetric<Name extends MeasureName>(
  name: Name,
  stage: string,
  options: MetricOptions & { readonly statistic: string },
  ...[at]: ByOf<Name>
): Metric {
  const { by }: MeasureFacts = measures[name];
  return new Metric({
    namespace,
    metricName: name,
    dimensionsMap: { stage, ...(by !== undefined && at !== undefined && { [by]: at }) },
    period: minute,
    ...options,
  });
}
