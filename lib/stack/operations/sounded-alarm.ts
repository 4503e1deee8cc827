import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { AlarmsTopic } from './alarms-topic.ts';

/** What CloudWatch makes of minutes without a number. */
const silences = {
  /** Nothing to tell is good. */
  good: TreatMissingData.NOT_BREACHING,
  /** Silence is the alarm. */
  bad: TreatMissingData.BREACHING,
  /** It says nothing: what was known last holds, and another alarm is about the silence. */
  'no-news': TreatMissingData.IGNORE,
} as const;

const comparisons = {
  'at least': ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  above: ComparisonOperator.GREATER_THAN_THRESHOLD,
  below: ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;

export interface SoundedAlarmProps {
  readonly topic: AlarmsTopic;
  readonly metric: IMetric;
  /** When one period is bad. */
  readonly when: { readonly is: keyof typeof comparisons; readonly threshold: number };
  readonly silence: keyof typeof silences;
  /** One sentence for somebody who is woken: what it is, and the command that says more. */
  readonly meaning: string;
}

/** An alarm that is said aloud when one period was bad, and again when it is over. */
export class SoundedAlarm extends Construct {
  constructor(scope: Construct, id: string, props: SoundedAlarmProps) {
    super(scope, id);
    const { topic, metric, when, silence, meaning } = props;
    const alarm = new Alarm(this, 'Alarm', {
      metric,
      threshold: when.threshold,
      comparisonOperator: comparisons[when.is],
      evaluationPeriods: 1,
      treatMissingData: silences[silence],
      alarmDescription: meaning,
    });
    const action = new SnsAction(topic.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
