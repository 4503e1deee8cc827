import * as z from 'zod';
import type { Resource, Stack } from '../../cloudformation/read-stack.ts';
import { permissionPolicy } from './lambda-permission.ts';
import { accountOf, componentsOf } from '../language/match.ts';
import { PolicyCollection, type TemplatePolicies } from './policy-collection.ts';
import { PolicyError, readBy } from '../language/policy-error.ts';
import { queueArnOf } from '../needs/requests/sqs.ts';

/**
 * Reads the policies of a stack whose references are resolved. Throws `PolicyError` for what the local cloud would not check, and for
 * a policy about something that is not in the stack.
 */
export function readTemplatePolicies(
  stack: Stack,
  /** ARNs here, by those of the template: a secret has six other characters at its end. */
  arnsHere: ReadonlyMap<string, string> = new Map(),
): TemplatePolicies {
  const policies = new PolicyCollection(stack, arnsHere);
  for (const resource of stack.resources) {
    refuseUnread(resource);
    readers[resource.type]?.(resource, policies);
  }
  policies.settle();
  return policies;
}

/** Properties that would change what is allowed and that nobody reads here. */
const unread: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['ResourcePolicy'],
  'AWS::IAM::ManagedPolicy': ['Groups', 'Users'],
  'AWS::IAM::Policy': ['Groups', 'Users'],
  'AWS::IAM::Role': ['PermissionsBoundary'],
};

const text = z.string().min(1);
const role = z.looseObject({
  AssumeRolePolicyDocument: z.unknown(),
  ManagedPolicyArns: z.array(text).default([]),
  Policies: z.array(z.strictObject({ PolicyName: text, PolicyDocument: z.unknown() })).default([]),
});
const ofRoles = z.looseObject({ PolicyDocument: z.unknown(), Roles: z.array(text).default([]) });
const ofQueues = z.strictObject({ PolicyDocument: z.unknown(), Queues: z.array(text).min(1) });
const ofTopics = z.strictObject({ PolicyDocument: z.unknown(), Topics: z.array(text).min(1) });
const ofSecret = z.looseObject({ ResourcePolicy: z.unknown(), SecretId: text });
const bus = z.looseObject({ Policy: z.unknown().optional() });
const ofBus = z.strictObject({ EventBusName: text, StatementId: text, Statement: z.unknown() });

type Reader = (resource: Resource, policies: PolicyCollection) => void;

const readers: Readonly<Record<string, Reader>> = {
  'AWS::IAM::Role': ({ logicalId: owner, arn, properties }, policies) => {
    const { AssumeRolePolicyDocument, ManagedPolicyArns, Policies } = read(role, properties, owner);
    policies.hold([['resource', arn]], { document: AssumeRolePolicyDocument, kind: 'trust', owner });
    for (const { PolicyName, PolicyDocument } of Policies)
      policies.hold([['role', arn]], {
        document: PolicyDocument,
        kind: 'identity',
        owner: `${owner}.${PolicyName}`,
      });
    for (const policyArn of ManagedPolicyArns) policies.attach(owner, policyArn, arn);
  },
  'AWS::IAM::Policy': ({ logicalId: owner, properties }, policies) => {
    const { PolicyDocument, Roles } = read(ofRoles, properties, owner);
    policies.hold(
      Roles.map((name) => ['role', roleArn(policies, owner, name)] as const),
      { document: PolicyDocument, kind: 'identity', owner },
    );
  },
  'AWS::IAM::ManagedPolicy': ({ logicalId: owner, arn, properties }, policies) => {
    const { PolicyDocument, Roles } = read(ofRoles, properties, owner);
    policies.hold(
      [['managed-policy', arn], ...Roles.map((name) => ['role', roleArn(policies, owner, name)] as const)],
      { document: PolicyDocument, kind: 'identity', owner },
    );
  },
  'AWS::KMS::Key': ({ logicalId: owner, arn, properties }, policies) => {
    const document = properties['KeyPolicy'] ?? defaultKeyPolicy(accountOf(arn));
    policies.hold([['resource', arn]], { document, kind: 'resource', owner });
  },
  'AWS::SQS::QueuePolicy': ({ logicalId: owner, properties }, policies) => {
    const { PolicyDocument, Queues } = read(ofQueues, properties, owner);
    const arns = Queues.map(
      (url) =>
        policies.find(owner, 'AWS::SQS::Queue', url, ({ arn }) => arn === queueArnOf(url, regionOf(arn))).arn,
    );
    policies.hold(
      arns.map((arn) => ['resource', arn] as const),
      { document: PolicyDocument, kind: 'resource', owner },
    );
  },
  'AWS::SNS::TopicPolicy': ({ logicalId: owner, properties }, policies) => {
    const { PolicyDocument, Topics } = read(ofTopics, properties, owner);
    const arns = Topics.map(
      (topic) => policies.find(owner, 'AWS::SNS::Topic', topic, ({ arn }) => arn === topic).arn,
    );
    policies.hold(
      arns.map((arn) => ['resource', arn] as const),
      { document: PolicyDocument, kind: 'resource', owner },
    );
  },
  'AWS::SecretsManager::ResourcePolicy': ({ logicalId: owner, properties }, policies) => {
    const { ResourcePolicy, SecretId } = read(ofSecret, properties, owner);
    const secret = policies.find(
      owner,
      'AWS::SecretsManager::Secret',
      SecretId,
      ({ arn }) => arn === SecretId,
    );
    policies.hold([['resource', secret.arn]], { document: ResourcePolicy, kind: 'resource', owner });
  },
  'AWS::Events::EventBus': ({ logicalId: owner, arn, properties }, policies) => {
    const { Policy } = read(bus, properties, owner);
    if (Policy !== undefined)
      policies.hold([['resource', arn]], { document: Policy, kind: 'resource', owner });
  },
  'AWS::Events::EventBusPolicy': ({ logicalId: owner, properties }, policies) => {
    const { EventBusName, Statement } = read(ofBus, properties, owner);
    const {
      arn,
      logicalId,
      properties: ofThatBus,
    } = policies.find(owner, 'AWS::Events::EventBus', EventBusName, ({ name }) => name === EventBusName);
    if (ofThatBus['Policy'] !== undefined)
      throw new PolicyError(
        owner,
        `${logicalId} has a Policy, which replaces what is written beside it, and which comes last is not known here`,
        'Write the statement into that Policy',
      );
    const document = { Version: '2012-10-17', Statement };
    policies.hold([['resource', arn]], { document, kind: 'resource', owner });
  },
  'AWS::Lambda::Permission': ({ logicalId: owner, properties }, policies) => {
    const { functionArn, document } = permissionPolicy(
      properties,
      owner,
      (name) => policies.find(owner, 'AWS::Lambda::Function', name, (one) => one.name === name).arn,
    );
    policies.hold([['resource', functionArn]], { document, kind: 'resource', owner });
  },
};

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html, for a key that says nothing. */
const defaultKeyPolicy = (account: string | undefined) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'kms:*',
    Resource: '*',
  },
});

const regionOf = (arn: string): string => componentsOf(arn)?.[3] ?? '';

function roleArn(policies: PolicyCollection, owner: string, name: string): string {
  return policies.find(owner, 'AWS::IAM::Role', name, (one) => one.name === name).arn;
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  properties: unknown,
  where: string,
): z.output<Schema> {
  return readBy(schema, properties, { where, file: 'template/template-policies.ts' });
}

function refuseUnread({ logicalId, type, properties }: Resource): void {
  const found = unread[type]?.find((property) => properties[property] !== undefined);
  if (found !== undefined)
    throw new PolicyError(
      logicalId,
      `${found} of ${type} changes what is allowed, and the local cloud does not read it`,
      'Read it in test/cloud/iam/template/template-policies.ts, or do without it',
    );
}
