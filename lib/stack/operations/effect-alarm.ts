import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Targets } from '../../wire/environment.ts';
import type { WorkQueue } from '../compute/work-queue.ts';
import type { AlarmsTopic } from './alarms-topic.ts';
import { minute } from './rescind-metric.ts';
import { SoundedAlarm } from './sounded-alarm.ts';

export interface EffectAlarmProps {
  readonly topic: AlarmsTopic;
  readonly signals: WorkQueue;
  readonly targets: Targets;
  /** Reads the log of intake. */
  readonly log: string;
}

/** Sounds while an announcement waits for longer than the strictest regime lets a withdrawal wait for its effect. */
export class EffectAlarm extends Construct {
  constructor(scope: Construct, id: string, props: EffectAlarmProps) {
    super(scope, id);
    const { topic, signals, targets, log } = props;
    const seconds = Math.min(...Object.values(targets).map(({ effectSeconds }) => effectSeconds));
    new SoundedAlarm(this, 'Waiting', {
      topic,
      metric: signals.queue.metricApproximateAgeOfOldestMessage({
        period: minute,
        statistic: Stats.MAXIMUM,
      }),
      when: { is: 'above', threshold: seconds },
      silence: 'good',
      meaning: `Announcements wait for more than ${seconds} seconds, and withdrawals among them have no effect yet: ${log}`,
    });
  }
}
