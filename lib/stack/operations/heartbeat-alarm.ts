import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Heartbeat } from '../compute/heartbeat.ts';
import type { AlarmsTopic } from './alarms-topic.ts';
import { SoundedAlarm } from './sounded-alarm.ts';

/** A tick or two may be late. */
const minutesMin = 5;

export interface HeartbeatAlarmProps {
  readonly topic: AlarmsTopic;
  readonly heartbeat: Heartbeat;
}

/** Sounds where a schedule does not run its function any more: what is owed would wait without a sound. */
export class HeartbeatAlarm extends Construct {
  constructor(scope: Construct, id: string, props: HeartbeatAlarmProps) {
    super(scope, id);
    const { topic, heartbeat } = props;
    const { worker, every } = heartbeat;
    const period = Duration.minutes(Math.max(minutesMin, 2 * every.toMinutes()));
    new SoundedAlarm(this, 'Silent', {
      topic,
      metric: worker.function.metricInvocations({ period, statistic: Stats.SUM }),
      when: { is: 'below', threshold: 1 },
      silence: 'bad',
      meaning: `${worker.name} did not run for ${period.toMinutes()} minutes (run it once by aws lambda invoke --function-name ${worker.function.functionName} /dev/stdout): aws scheduler get-schedule --name ${heartbeat.scheduleName}`,
    });
  }
}
