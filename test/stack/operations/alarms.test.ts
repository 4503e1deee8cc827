import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../../lib/wire/environment.ts';
import { resourceAt, resourcesOf, unbundledApp } from '../unbundled.ts';
import { alarmsOf, textOf } from './alarms.ts';

const targets = {
  default: { effectSeconds: 60, completeMinutes: 60 },
  cdr: { effectSeconds: 30, completeMinutes: 15 },
};
const template = Template.fromStack(unbundledApp({ targets }).stack);
const alarms = alarmsOf(template);
const each = [...alarms];
const at = (name: string) => alarms.get(name) ?? {};
const names = Object.keys(environmentOf);
const bare = (name: string) => name.replaceAll('-', '');

describe('every alarm', () => {
  it.each(each)('%s says on the topic that it began, and that it is over', (_, alarm) => {
    const [topic] = Object.keys(resourcesOf(template, 'AWS::SNS::Topic'));
    expect(alarm).toMatchObject({ AlarmActions: [{ Ref: topic }], OKActions: [{ Ref: topic }] });
  });

  it.each(each)('%s tells whoever is woken what to run', (_, { AlarmDescription }) => {
    const text = textOf(AlarmDescription);
    expect(text).toMatch(/: (aws|rescind) [a-z]|, then aws logs tail/);
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    expect(text.length).toBeLessThan(800);
  });

  it.each(each)('%s asks for no more metrics than an alarm may', (_, { Metrics = [] }) => {
    expect((Metrics as unknown[]).length).toBeLessThanOrEqual(11);
  });

  it('is one of these', () => {
    expect([...alarms.keys()].toSorted()).toEqual(
      [
        'DebtsNotMeasured',
        'DebtsOverTargetcdr',
        'DebtsOverTargetdefault',
        'DebtsUnsealed',
        'EffectFailing',
        'EffectUndelivered',
        'EffectWaiting',
        'ExhaustedHeld',
        'FailedHeld',
        'RejectedHeld',
        ...['Throttles1', 'Throttles2', 'Slow1', 'Slow2'].map((name) => `Functions${name}`),
        ...names.map((name) => `FunctionsErrors${bare(name)}`),
        ...[
          'chase-obligations',
          'expire-credentials',
          'keep-keys',
          'return-exhausted',
          'rotate-due',
          'seal-ledger',
          'send-events',
        ].map((name) => `Heartbeat${bare(name)}Silent`),
      ].toSorted(),
    );
  });
});

describe('the alarms of what is owed', () => {
  it('hold each regime against its own target', () => {
    expect(at('DebtsOverTargetcdr')).toMatchObject({
      Namespace: 'Rescind',
      MetricName: 'OverTarget',
      Dimensions: [
        { Name: 'regime', Value: 'cdr' },
        { Name: 'stage', Value: 'dev' },
      ],
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      // silence is the next one's
      TreatMissingData: 'ignore',
    });
    expect(textOf(at('DebtsOverTargetcdr')['AlarmDescription'])).toContain('more than 15 minutes');
  });

  it('sound where nothing is measured', () => {
    expect(at('DebtsNotMeasured')).toMatchObject({
      MetricName: 'CountedAll',
      Statistic: 'Minimum',
      Period: 300,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });

  it('take the strictest regime for the effect, since nobody knows whose withdrawal waits', () => {
    expect(at('EffectWaiting')).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 30,
    });
  });

  it.each(['Rejected', 'Exhausted'])('tell within a minute that %s holds something', (name) => {
    expect(at(`${name}Held`)).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [
        {
          Name: 'QueueName',
          Value: { 'Fn::GetAtt': [expect.stringMatching(`^${name}Queue`) as string, 'QueueName'] },
        },
      ],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('the alarms of functions', () => {
  it('share what is rare over all of them, and count one that was not invoked as 0', () => {
    const metrics = ['Throttles1', 'Throttles2'].flatMap((name) => at(`Functions${name}`)['Metrics'] ?? []);
    const functions = metrics.flatMap((metric) => JSON.stringify(metric).match(/"Ref":"\w+/g) ?? []);
    expect(new Set(functions).size).toBe(names.length);
    const [watched] = metrics as [{ Expression: string }];
    expect(watched.Expression).toMatch(/^MAX\(\[FILL\(m0, 0\), FILL\(m1, 0\)/);
  });

  it('sound at 24 of the 30 seconds', () => {
    expect(at('FunctionsSlow1')).toMatchObject({ Threshold: 24_000, TreatMissingData: 'notBreaching' });
  });

  it.each([
    ['Heartbeatsealledger', 300],
    ['Heartbeatkeepkeys', 7200],
  ])('%s waits %i seconds for a run', (name, period) => {
    expect(at(`${name}Silent`)).toMatchObject({
      MetricName: 'Invocations',
      Statistic: 'Sum',
      Period: period,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });
});

describe('the topic', () => {
  it('is encrypted with the key of the data', () => {
    const { Properties } = resourceAt(template, 'AWS::SNS::Topic', 'Operations');
    expect(JSON.stringify(Properties['KmsMasterKeyId'])).toContain('CustomerKey');
  });

  it('takes what alarms of this account say, over TLS, and nothing else', () => {
    const { Properties } = resourceAt(template, 'AWS::SNS::TopicPolicy', 'Operations');
    const { Statement } = Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] };
    const alarm = { 'Fn::Join': ['', expect.arrayContaining([':alarm:*']) as unknown] };
    expect(Statement.map(({ Effect, Principal, Condition }) => [Effect, Principal, Condition])).toEqual([
      ['Deny', '*', { Bool: { 'aws:SecureTransport': 'false' } }],
      [
        'Allow',
        { Service: 'cloudwatch.amazonaws.com' },
        {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          ArnLike: { 'aws:SourceArn': alarm },
        },
      ],
      ['Deny', { AWS: '*' }, { ArnNotLike: { 'aws:SourceArn': alarm } }],
      ['Deny', { AWS: '*' }, { StringNotEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }],
    ]);
  });

  it('writes to the address of the setting, and to nobody without one', () => {
    expect(resourcesOf(template, 'AWS::SNS::Subscription')).toEqual({});
    const written = Template.fromStack(unbundledApp({ alarmAddress: 'on-call@bank.example' }).stack);
    expect(
      Object.values(resourcesOf(written, 'AWS::SNS::Subscription')).map(({ Properties }) => Properties),
    ).toEqual([expect.objectContaining({ Protocol: 'email', Endpoint: 'on-call@bank.example' }) as unknown]);
  });

  it('is an output', () => {
    expect(Object.keys(template.findOutputs('RescindAlarmsTopic'))).toHaveLength(1);
  });
});
