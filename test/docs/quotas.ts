import type { TemplateResource } from '../stack/unbundled.ts';
import { concurrencyOf } from './concurrency.ts';

/** A limit of AWS that this stack comes near, or that shows late. */
export interface Quota {
  readonly what: string;
  readonly limit: string;
  readonly ours: string;
  readonly page: string;
}

type Resources = Readonly<Record<string, TemplateResource>>;

const docs = 'https://docs.aws.amazon.com';

/** What AWS bounds, and what this template takes of it. */
export function quotasOf(resources: Resources): readonly Quota[] {
  const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const mappings = ofType('AWS::Lambda::EventSourceMapping').map(
    ({ Properties }) =>
      [
        Properties['ScalingConfig'] as { readonly MaximumConcurrency: number },
        Properties['BatchSize'],
      ] as const,
  );
  const { drained, others, needed } = concurrencyOf(resources);
  const inFlight = Math.max(
    ...mappings.map(([{ MaximumConcurrency }, batch]) => MaximumConcurrency * Number(batch)),
  );
  const bus = ofType('AWS::Events::EventBus').map(({ Properties }) => charactersOf(Properties['Policy']));
  const roles = ofType('AWS::IAM::Policy').map(({ Properties }) =>
    charactersOf(Properties['PolicyDocument']),
  );
  return [
    {
      what: 'resources of a stack',
      limit: '500',
      ours: String(Object.keys(resources).length),
      page: `${docs}/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html`,
    },
    {
      what: 'characters of the policy of a bus',
      limit: '10,240, adjustable',
      ours: `some ${hundreds(sum(bus))} with the default senders; one statement more for each source, two for one of another account`,
      page: `${docs}/eventbridge/latest/userguide/eb-quota.html`,
    },
    {
      what: 'characters of the inline policies of a role',
      limit: '10,240',
      ours: `some ${hundreds(Math.max(...roles))} at most`,
      page: `${docs}/IAM/latest/UserGuide/reference_iam-quotas.html`,
    },
    {
      what: 'PutEvents a second, for all buses of the account in a region',
      limit: '10,000 in us-east-1, 2,400 in us-east-2, fewer in most: adjustable',
      ours: 'senders share it with whatever else the account announces',
      page: `${docs}/eventbridge/latest/userguide/eb-quota.html`,
    },
    {
      what: 'functions that run at once, in the account',
      limit: '1,000, in new accounts often 10: adjustable',
      ours: `${needed}: ${drained} by \`limits\`, ${others} for the other functions; "Before the first deploy" has the command`,
      page: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
    },
    {
      what: 'environment of a function',
      limit: '4 KB',
      ours: '`senders` may take 2,000 bytes of it, which the synth holds; `egress` has no limit of its own: an entry with a CA takes 1 KB or more',
      page: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
    },
    {
      what: 'messages in flight of a queue',
      limit: '120,000',
      ours: `${inFlight} at most: what runs at once, times the batch`,
      page: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html`,
    },
    {
      what: 'units a second of an on-demand table',
      limit: '4,000 writes and 12,000 reads while it is new, doubled as it is used; 40,000 each by quota',
      ours: 'a bank that announces its whole inventory at once warms the tables first, or is throttled and retried',
      page: `${docs}/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html`,
    },
    {
      what: 'requests to KMS a second, for the account in a region',
      limit: 'by region and kind of key: see the page',
      ours: 'tables ask each five minutes for each role, queues each hour, each read of a secret once, each checkpoint one signature',
      page: `${docs}/kms/latest/developerguide/requests-per-second.html`,
    },
    {
      what: 'GetSecretValue a second',
      limit: '10,000',
      ours: 'a function keeps a value for five minutes, at most a hundred of them',
      page: `${docs}/secretsmanager/latest/userguide/reference_limits.html`,
    },
    {
      what: 'RotateSecret, and PutSecretValue with UpdateSecretVersionStage, a second',
      limit: '50, not adjustable',
      ours: 'one rotation of each client in `everySeconds`',
      page: `${docs}/secretsmanager/latest/userguide/reference_limits.html`,
    },
    {
      what: 'alarms of the account in a region',
      limit: '5,000, adjustable',
      ours: String(ofType('AWS::CloudWatch::Alarm').length),
      page: `${docs}/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html`,
    },
  ];
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);
const hundreds = (count: number): string => (Math.ceil(count / 100) * 100).toLocaleString('en-GB');

/** As long as it will be, near enough: an ARN of a role for each reference. */
function charactersOf(document: unknown): number {
  const roleArn = `arn:aws:iam::111122223333:role/${'r'.repeat(40)}`;
  return JSON.stringify(document)
    .replaceAll(
      /\{"Fn::Join":\["",\[(.*?)\]\]\}/g,
      (_, parts: string) => `"${parts.replaceAll(/[",{}]|Ref:|AWS::/g, '')}"`,
    )
    .replaceAll(/\{"Fn::GetAtt":\["\w+","Arn"\]\}/g, `"${roleArn}"`).length;
}
