import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { WorkQueue } from './work-queue.ts';

/** SQS tells its metrics once a minute. */
const period = Duration.minutes(1);

export interface HeldAlarmProps {
  readonly queue: WorkQueue;
  /** What somebody who is woken by it has to know. */
  readonly meaning: string;
}

/**
 * Is in alarm while a queue that should be empty holds a message that can be received. It has no action yet.
 * The count is SQS's own, so a message that is gone within a minute may pass unseen: what emptied the queue logs it.
 */
export class HeldAlarm extends Construct {
  constructor(scope: Construct, id: string, props: HeldAlarmProps) {
    super(scope, id);
    props.queue.queue
      .metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM })
      .createAlarm(this, 'Alarm', {
        alarmDescription: props.meaning,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        threshold: 1,
        evaluationPeriods: 1,
        // SQS tells nothing about a queue that was empty for six hours
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
  }
}
