import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Targets } from '../../wire/environment.ts';
import type { WorkQueue } from '../compute/work-queue.ts';
import type { AlarmsTopic } from './alarms-topic.ts';
import type { SignalBus } from '../signal-bus.ts';
import { minute, rescindMetric } from './rescind-metric.ts';
import { SoundedAlarm } from './sounded-alarm.ts';

export interface EffectAlarmProps {
  readonly topic: AlarmsTopic;
  readonly signals: WorkQueue;
  readonly targets: Targets;
  readonly stage: string;
  readonly bus: SignalBus;
  /** Reads the log of intake. */
  readonly log: string;
}

/** Sounds while an announcement waits for longer than the strictest regime lets a withdrawal wait for its effect. */
export class EffectAlarm extends Construct {
  constructor(scope: Construct, id: string, props: EffectAlarmProps) {
    super(scope, id);
    const { topic, signals, targets, stage, bus, log } = props;
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
    // SQS leaves what was received three times out of that age, and Lambda counts what answers with failures as a success
    new SoundedAlarm(this, 'Failing', {
      topic,
      metric: rescindMetric('RecordsFailed', stage, { statistic: Stats.SUM, period: Duration.minutes(5) }),
      when: { is: 'at least', threshold: 1 },
      silence: 'good',
      meaning: `Messages fail and come again, announcements perhaps among them (else those of plan-case or work-obligations): ${log}`,
    });
    new SoundedAlarm(this, 'Undelivered', {
      topic,
      metric: bus.undelivered,
      when: { is: 'at least', threshold: 1 },
      silence: 'good',
      meaning: `EventBridge could not deliver announcements and holds or buries them, most likely for want of a permission of queue or key: aws events describe-rule --name ${bus.ruleName} --event-bus-name ${bus.busName}`,
    });
  }
}
