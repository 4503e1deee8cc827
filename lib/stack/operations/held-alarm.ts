import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { WorkQueue } from '../compute/work-queue.ts';
import type { AlarmsTopic } from './alarms-topic.ts';
import { SoundedAlarm } from './sounded-alarm.ts';

/** SQS tells its metrics once a minute. */
const period = Duration.minutes(1);

export interface HeldAlarmProps {
  readonly topic: AlarmsTopic;
  readonly queue: WorkQueue;
  /** What it means that something is there; how to look at it is added. */
  readonly meaning: string;
  /** The command that says more. @default receives what is in the queue, as people may */
  readonly look?: string;
}

/**
 * Sounds while a queue that should be empty holds a message that can be received.
 * The count is SQS's own, so a message that is gone within a minute may pass unseen: what emptied the queue logs it.
 */
export class HeldAlarm extends Construct {
  constructor(scope: Construct, id: string, props: HeldAlarmProps) {
    super(scope, id);
    const { queue } = props.queue;
    const {
      topic,
      meaning,
      look = `aws sqs receive-message --max-number-of-messages 10 --visibility-timeout 0 --queue-url ${queue.queueUrl}`,
    } = props;
    new SoundedAlarm(this, 'Held', {
      topic,
      metric: queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
      when: { is: 'at least', threshold: 1 },
      // SQS tells nothing about a queue that was empty for six hours
      silence: 'good',
      meaning: `${meaning}: ${look}`,
    });
  }
}
