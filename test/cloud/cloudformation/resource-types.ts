import { createHash } from 'node:crypto';
import { functionNameOf } from './function-name.ts';

/** Where the local cloud says it is. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** SQS clients follow the host of a queue's URL. */
  queueUrl(name: string): string;
  /** The address at which a function is called over HTTP, with a slash at its end. */
  functionUrl(functionName: string): string;
}

/** What a type may use to say who one of its resources is. */
interface Identity {
  /** `<stack>-<logical id>`: what CloudFormation would make, without its random end. */
  readonly generated: string;
  readonly place: Place;
  property(name: string): string | undefined;
}

/** The same once the physical name is settled. */
export interface Named extends Identity {
  readonly name: string;
  readonly arn: string;
}

/** How CloudFormation names one type of resource. */
export interface ResourceType {
  /** The physical name where the template gives none. @default the generated one */
  readonly nameProperty?: string;
  readonly made?: (self: Identity) => string;
  /** @default '': AWS gives it none */
  readonly arn?: (self: Identity & { readonly name: string }) => string;
  /** @default nothing: `Ref` stops the start */
  readonly ref?: (self: Named) => string;
  /** What `Fn::GetAtt` answers; another attribute stops the start. @default none */
  readonly attributes?: Readonly<Record<string, (self: Named) => string>>;
}

const name = (self: Named): string => self.name;
const arn = (self: Named): string => self.arn;

const arnOf =
  (service: string, resource: (self: Identity & { readonly name: string }) => string) =>
  (self: Identity & { readonly name: string }): string =>
    `arn:aws:${service}:${self.place.region}:${self.place.account}:${resource(self)}`;

/**
 * Every type that the local cloud knows. `Ref` and attributes are those under "Return values" of each type's page in
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
 * and the forms of the ARNs those of https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  // known by name alone: nothing is measured here, so nothing sounds
  'AWS::CloudWatch::Alarm': {
    nameProperty: 'AlarmName',
    arn: arnOf('cloudwatch', (self) => `alarm:${self.name}`),
    ref: name,
    attributes: { Arn: arn },
  },
  'AWS::CloudWatch::CompositeAlarm': {
    nameProperty: 'AlarmName',
    arn: arnOf('cloudwatch', (self) => `alarm:${self.name}`),
    ref: name,
    attributes: { Arn: arn },
  },
  'AWS::CloudWatch::Dashboard': {
    nameProperty: 'DashboardName',
    arn: (self) => `arn:aws:cloudwatch::${self.place.account}:dashboard/${self.name}`,
    ref: name,
  },
  'AWS::DynamoDB::Table': {
    nameProperty: 'TableName',
    arn: arnOf('dynamodb', (self) => `table/${self.name}`),
    ref: name,
    attributes: { Arn: arn },
  },
  'AWS::Events::EventBus': {
    nameProperty: 'Name',
    arn: arnOf('events', (self) => `event-bus/${self.name}`),
    ref: name,
    attributes: { Arn: arn, Name: name },
  },
  'AWS::Events::EventBusPolicy': {},
  'AWS::Events::Rule': {
    nameProperty: 'Name',
    arn: arnOf('events', (self) => {
      // the property takes the bus's name or its ARN
      const bus = self.property('EventBusName')?.split('/').at(-1) ?? 'default';
      return bus === 'default' ? `rule/${self.name}` : `rule/${bus}/${self.name}`;
    }),
    attributes: { Arn: arn },
  },
  'AWS::IAM::ManagedPolicy': {
    nameProperty: 'ManagedPolicyName',
    arn: (self) => `arn:aws:iam::${self.place.account}:policy${self.property('Path') ?? '/'}${self.name}`,
    ref: arn,
  },
  'AWS::IAM::Policy': { nameProperty: 'PolicyName' },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    arn: (self) => `arn:aws:iam::${self.place.account}:role${self.property('Path') ?? '/'}${self.name}`,
    ref: name,
    attributes: { Arn: arn },
  },
  'AWS::KMS::Alias': {
    nameProperty: 'AliasName',
    arn: arnOf('kms', (self) => self.name),
    ref: name,
  },
  'AWS::KMS::Key': {
    made: (self) => uuid(self.generated),
    arn: arnOf('kms', (self) => `key/${self.name}`),
    ref: name,
    attributes: { Arn: arn, KeyId: name },
  },
  'AWS::Lambda::EventInvokeConfig': {},
  'AWS::Lambda::EventSourceMapping': {
    made: (self) => uuid(self.generated),
    arn: arnOf('lambda', (self) => `event-source-mapping:${self.name}`),
    ref: name,
    attributes: { EventSourceMappingArn: arn, Id: name },
  },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    arn: arnOf('lambda', (self) => `function:${self.name}`),
    ref: name,
    attributes: { Arn: arn },
  },
  'AWS::Lambda::Permission': {},
  // "AWS::Lambda::Url", "Return values". A URL has neither name nor ARN of its own: its identifier, and so its Ref, is the
  // function's ARN (`urlRef` of the CDK's CfnUrl says the same)
  'AWS::Lambda::Url': {
    made: (self) => functionNameOf(self.property('TargetFunctionArn')),
    arn: arnOf('lambda', (self) => `function:${self.name}`),
    ref: arn,
    attributes: { FunctionArn: arn, FunctionUrl: (self) => self.place.functionUrl(self.name) },
  },
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    arn: arnOf('logs', (self) => `log-group:${self.name}:*`),
    ref: name,
    attributes: { Arn: arn },
  },
  'AWS::Scheduler::Schedule': {
    nameProperty: 'Name',
    arn: arnOf('scheduler', (self) => `schedule/${self.property('GroupName') ?? 'default'}/${self.name}`),
    ref: name,
    attributes: { Arn: arn },
  },
  'AWS::SecretsManager::ResourcePolicy': {},
  'AWS::SecretsManager::RotationSchedule': {},
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    // Secrets Manager ends every ARN with six characters, so that a secret made anew has another one
    arn: arnOf('secretsmanager', (self) => `secret:${self.name}-${digest(self.generated).slice(0, 6)}`),
    ref: arn,
    attributes: { Id: arn },
  },
  // nobody is written to here
  'AWS::SNS::Subscription': {},
  'AWS::SNS::Topic': {
    nameProperty: 'TopicName',
    arn: arnOf('sns', (self) => self.name),
    ref: arn,
    attributes: { TopicArn: arn, TopicName: name },
  },
  'AWS::SNS::TopicPolicy': {},
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    arn: arnOf('sqs', (self) => self.name),
    ref: (self) => self.place.queueUrl(self.name),
    attributes: { Arn: arn, QueueName: name, QueueUrl: (self) => self.place.queueUrl(self.name) },
  },
  'AWS::SQS::QueuePolicy': {},
};

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A UUID that is the same in every run. */
function uuid(text: string): string {
  return digest(text)
    .slice(0, 32)
    .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
