import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Targets } from '../../wire/environment.ts';
import type { AlarmsTopic } from './alarms-topic.ts';
import { rescindMetric } from './rescind-metric.ts';
import { SoundedAlarm } from './sounded-alarm.ts';

/** A run or two may be missed: ticks drift. */
const silentMinutes = 5;

/** Each minute the sealer empties what waits. */
const unsealedSecondsMax = 600;

export interface DebtAlarmsProps {
  readonly topic: AlarmsTopic;
  readonly stage: string;
  readonly targets: Targets;
  /** Reads the log of a function, for the last half hour. */
  readonly logOf: (name: 'measure-debts' | 'seal-ledger') => string;
}

/** Sounds where something is alive that should be dead for longer than it may be, and where nobody can say so. */
export class DebtAlarms extends Construct {
  constructor(scope: Construct, id: string, props: DebtAlarmsProps) {
    super(scope, id);
    const { topic, stage, targets, logOf } = props;
    for (const [regime, { completeMinutes }] of Object.entries(targets))
      new SoundedAlarm(this, `OverTarget-${regime}`, {
        topic,
        metric: rescindMetric('OverTarget', stage, { statistic: Stats.MAXIMUM }, regime),
        when: { is: 'at least', threshold: 1 },
        silence: 'no-news',
        meaning: `A case of regime ${regime} is open for more than ${completeMinutes} minutes, and something of it may live: rescind case list, then rescind case show CASE`,
      });
    new SoundedAlarm(this, 'NotMeasured', {
      topic,
      metric: rescindMetric('CountedAll', stage, {
        statistic: Stats.MINIMUM,
        period: Duration.minutes(silentMinutes),
      }),
      when: { is: 'below', threshold: 1 },
      silence: 'bad',
      meaning: `Nobody knows whether anything is alive that should be dead, since measure-debts did not run or could not count all: rescind status, then ${logOf('measure-debts')}`,
    });
    new SoundedAlarm(this, 'Unsealed', {
      topic,
      metric: rescindMetric('OldestUnsealedSeconds', stage, { statistic: Stats.MAXIMUM }),
      when: { is: 'above', threshold: unsealedSecondsMax },
      silence: 'no-news',
      meaning: `An entry of the ledger waits for its seal for more than ${unsealedSecondsMax / 60} minutes: ${logOf('seal-ledger')}`,
    });
  }
}
