import * as z from 'zod';
import type { Resource, Stack } from '../../cloud/cloudformation/read-stack.ts';
import { region } from '../../cloud/iam/language/statements.ts';
import { queueArnOf } from '../../cloud/iam/needs/requests/sqs.ts';
import type { Handler } from './handlers.ts';

/** What a call of a handler is about, and what the request says beside. */
export interface Target {
  /** An ARN, or `*` for an action of which AWS knows no resource. */
  readonly resource: string;
  readonly context: ReadonlyMap<string, string | readonly string[]>;
}

/** One permission that a handler asks for a resource. */
export interface Asked {
  readonly action: string;
  readonly handler: Handler;
  readonly resource: Resource;
  readonly stack: Stack;
  /** Of the stack: CloudFormation gives them to all that it makes. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Actions without a resource in https://docs.aws.amazon.com/service-authorization/latest/reference/, and one that is asked for all
 * alarms at once.
 */
const withoutResource = new Set([
  'cloudwatch:DescribeAlarms',
  'cloudwatch:ListDashboards',
  'dynamodb:ListTables',
  'events:ListEventBuses',
  'events:ListRules',
  'events:PutPermission',
  'events:RemovePermission',
  'iam:ListPolicies',
  'iam:ListRoles',
  'kms:CreateKey',
  'kms:ListAliases',
  'kms:ListKeys',
  'lambda:CreateEventSourceMapping',
  'lambda:ListEventSourceMappings',
  'lambda:ListFunctions',
  'logs:DescribeIndexPolicies',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'scheduler:ListSchedules',
  'secretsmanager:ListSecrets',
  'sns:ListSubscriptions',
  'sns:ListTopics',
  'sqs:ListQueues',
]);

const properties = z.looseObject({
  Code: z.looseObject({ S3Bucket: z.string(), S3Key: z.string() }).optional(),
  FunctionName: z.string().default(''),
  KmsKeyId: z.string().optional(),
  Queues: z.array(z.string()).default([]),
  Role: z.string().optional(),
  Roles: z.array(z.string()).default([]),
  SSESpecification: z.looseObject({ KMSMasterKeyId: z.string() }).optional(),
  SecretId: z.string().default(''),
  Target: z.looseObject({ RoleArn: z.string() }).optional(),
  TargetFunctionArn: z.string().default(''),
  TopicArn: z.string().default(''),
  Topics: z.array(z.string()).default([]),
});

/** Everything that one permission is asked on. */
export function targetsOf(asked: Asked): readonly Target[] {
  const context = contextOf(asked);
  return resourcesOf(asked).map((resource) => ({ resource, context }));
}

function resourcesOf({
  action,
  resource: { type, arn, properties: given },
  stack,
}: Asked): readonly string[] {
  const { Code, KmsKeyId = '', Role, SSESpecification, Target, ...of } = properties.parse(given);
  if (withoutResource.has(action)) return ['*'];
  if (action === 'iam:PassRole') return [Role ?? Target?.RoleArn ?? ''];
  // a function's code is fetched in the name of whoever makes the function
  if (action === 's3:GetObject') return [`arn:aws:s3:::${Code?.S3Bucket}/${Code?.S3Key}`];
  if (action.startsWith('kms:') && type !== 'AWS::KMS::Key')
    return [SSESpecification?.KMSMasterKeyId ?? KmsKeyId];
  const functionArn = () => arnOf(stack, 'AWS::Lambda::Function', of.FunctionName);
  const subjects: Readonly<Record<string, () => readonly string[]>> = {
    'AWS::IAM::Policy': () => of.Roles.map((name) => arnOf(stack, 'AWS::IAM::Role', name)),
    'AWS::Lambda::EventInvokeConfig': () => [functionArn()],
    'AWS::Lambda::Permission': () => [functionArn()],
    'AWS::Lambda::Url': () => [of.TargetFunctionArn],
    // CloudWatch Logs asks some actions with the end that `Fn::GetAtt` gives, and others without it
    'AWS::Logs::LogGroup': () => [arn, arn.replace(/:\*$/, '')],
    // the ARN of a subscription is that of its topic, and an id
    'AWS::SNS::Subscription': () => [of.TopicArn, `${of.TopicArn}:6ff9a2b8-5b1c-4f6e-9a53-1d0c2f7e8a90`],
    'AWS::SNS::TopicPolicy': () => of.Topics,
    'AWS::SQS::QueuePolicy': () => of.Queues.map((url) => queueArnOf(url, region)),
    // no page says whether the name of the stack comes first in the names that CloudFormation makes for secrets
    'AWS::SecretsManager::ResourcePolicy': () => bothNames(of.SecretId),
    'AWS::SecretsManager::Secret': () => bothNames(arn),
  };
  return subjects[type]?.() ?? [arn];
}

const bothNames = (arn: string): readonly string[] => [arn, arn.replace(':Rescind-', ':')];

function contextOf({ action, handler, resource, stack, tags }: Asked): Target['context'] {
  const { type, properties: given } = resource;
  if (handler === 'create' && action === 'kms:TagResource')
    return new Map<string, string | readonly string[]>([
      ...Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value] as const),
      ['aws:TagKeys', Object.keys(tags)],
    ]);
  if (action === 'iam:PassRole')
    return new Map([['iam:PassedToService', `${type.split('::')[1]?.toLowerCase()}.amazonaws.com`]]);
  if (/^lambda:(Create|Get|Update|Delete)EventSourceMapping$/.test(action))
    return new Map([
      ['lambda:FunctionArn', arnOf(stack, 'AWS::Lambda::Function', properties.parse(given).FunctionName)],
    ]);
  if (action.startsWith('kms:') && type !== 'AWS::KMS::Key')
    return new Map([
      ['kms:ViaService', `${type.split('::')[1]?.toLowerCase()}.${region}.amazonaws.com`],
      ['kms:GrantIsForAWSResource', 'true'],
    ]);
  return new Map();
}

/** Templates name a resource by its name or its ARN. */
function arnOf(stack: Stack, type: string, name: string): string {
  const found = stack.of(type).find((one) => one.name === name || one.arn === name);
  if (!found) throw new Error(`${type} ${name} is not in the template`);
  return found.arn;
}
