import { Duration } from 'aws-cdk-lib';
import { MathExpression, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { functionTimeoutSeconds } from '../../domain/limits.ts';
import type { FunctionName } from '../../wire/environment.ts';
import type { WorkerFunction } from '../compute/worker-function.ts';
import type { AlarmsTopic } from './alarms-topic.ts';
import { readLog } from './read-log.ts';
import { SoundedAlarm } from './sounded-alarm.ts';

/** One failure in this long is said once, not each minute. */
const period = Duration.minutes(5);

/** From here on a function may be ended in the middle of its work. */
const slowMs = 0.8 * functionTimeoutSeconds * 1000;

/** "Alarms based on metric math expressions can reference a maximum of 10 metrics." (CloudWatch User Guide, "Limits") */
const metricsMax = 10;

export interface FunctionAlarmsProps {
  readonly topic: AlarmsTopic;
  readonly workers: readonly WorkerFunction<FunctionName>[];
}

/**
 * Sounds where a function fails, by name. That one was throttled or came near its time limit is rare, and the cure is the same for
 * all: a few functions share an alarm, which says how to find out which one it was.
 */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const { topic, workers } = props;
    for (const worker of workers)
      new SoundedAlarm(this, `Errors-${worker.name}`, {
        topic,
        metric: worker.function.metricErrors({ period, statistic: Stats.SUM }),
        when: { is: 'at least', threshold: 1 },
        silence: 'good',
        meaning: `${worker.name} failed: ${readLog(worker)}`,
      });
    for (let start = 0; start < workers.length; start += metricsMax) {
      const some = workers.slice(start, start + metricsMax);
      const names = some.map(({ name }) => name).join(', ');
      new SoundedAlarm(this, `Throttles${start / metricsMax + 1}`, {
        topic,
        metric: highest(
          some.map((worker) => worker.function.metricThrottles({ period, statistic: Stats.SUM })),
          'most throttles',
        ),
        when: { is: 'at least', threshold: 1 },
        silence: 'good',
        meaning: `Lambda throttled one of ${names} (the dashboard's row "functions" shows which): aws lambda get-account-settings`,
      });
      new SoundedAlarm(this, `Slow${start / metricsMax + 1}`, {
        topic,
        metric: highest(
          some.map((worker) => worker.function.metricDuration({ period, statistic: Stats.MAXIMUM })),
          'longest run, in milliseconds',
        ),
        when: { is: 'at least', threshold: slowMs },
        silence: 'good',
        meaning: `One of ${names} ran for ${slowMs / 1000} of the ${functionTimeoutSeconds} seconds that it has: the dashboard's row "functions" shows which, then aws logs tail its log group`,
      });
    }
  }
}

/** A function that was not invoked tells nothing, and stands in no other's way. */
function highest(metrics: readonly Metric[], label: string): MathExpression {
  const named = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const filled = Object.keys(named).map((name) => `FILL(${name}, 0)`);
  return new MathExpression({
    expression: `MAX([${filled.join(', ')}])`,
    usingMetrics: named,
    period,
    label,
  });
}
