import { describe, expect, it } from 'vitest';
import { readTemplatePolicies } from './template-policies.ts';
import { stackOf } from '../stack.ts';
import { account, region } from '../language/statements.ts';

const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const trust = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const role = (more: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust, ...more },
});
const allow = (Action: string, Resource: unknown = '*') => ({ Effect: 'Allow', Action, Resource });
const policy = (more: object) => ({ Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'P', ...more } });
const ref = (id: string) => ({ Ref: id });
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const roleArn = `arn:aws:iam::${account}:role/Toy-Worker`;
const forAll = (Action: string, Resource: unknown) => ({ ...allow(Action, Resource), Principal: '*' });

const read = (resources: Readonly<Record<string, unknown>>, arnsHere?: ReadonlyMap<string, string>) =>
  readTemplatePolicies(stackOf(resources), arnsHere);
const ids = (statements: readonly { readonly id: string }[]) => statements.map(({ id }) => id);

describe('a role', () => {
  it('has its own policies, those in it, and managed ones from either side', () => {
    const policies = read({
      Worker: role({
        Policies: [{ PolicyName: 'Inline', PolicyDocument: document(allow('sqs:SendMessage')) }],
        ManagedPolicyArns: [ref('Given')],
      }),
      Own: policy({
        PolicyDocument: document(allow('kms:Sign'), allow('kms:Decrypt')),
        Roles: [ref('Worker')],
      }),
      Given: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: document(allow('kms:Encrypt')) },
      },
      Taken: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: document(allow('kms:Verify')), Roles: [ref('Worker')] },
      },
    });
    expect(ids(policies.ofRole(roleArn)).toSorted()).toEqual([
      'Given[0]',
      'Own[0]',
      'Own[1]',
      'Taken[0]',
      'Worker.Inline[0]',
    ]);
    expect(ids(policies.ofResource(roleArn))).toEqual(['Worker[0]']);
    expect(ids(policies.ofManagedPolicy(`arn:aws:iam::${account}:policy/Toy-Given`))).toEqual(['Given[0]']);
    expect(policies.statements).toHaveLength(6);
  });

  it('that nobody gave anything has nothing', () => {
    expect(read({ Worker: role() }).ofRole(roleArn)).toEqual([]);
    expect(read({}).ofResource('arn:aws:sqs:eu-west-1:1:x')).toEqual([]);
  });
});

describe('a resource', () => {
  const queue = { Type: 'AWS::SQS::Queue' };
  const bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'signals' } };
  const secret = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'x' } };

  it('has the policies that the template gives it', () => {
    const policies = read({
      Plans: queue,
      Other: queue,
      QueuesPolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: { Queues: [ref('Plans')], PolicyDocument: document(forAll('sqs:*', arnOf('Plans'))) },
      },
      Alarms: { Type: 'AWS::SNS::Topic' },
      AlarmsPolicy: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: {
          Topics: [ref('Alarms')],
          PolicyDocument: document(forAll('sns:Publish', ref('Alarms'))),
        },
      },
      Bus: bus,
      BusPolicy: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: {
          EventBusName: ref('Bus'),
          StatementId: 'Sender',
          Statement: { Sid: 'Sender', ...forAll('events:PutEvents', arnOf('Bus')) },
        },
      },
      Whole: {
        Type: 'AWS::Events::EventBus',
        Properties: {
          Name: 'whole',
          Policy: document({ Sid: 'Sender', ...forAll('events:PutEvents', '*') }, forAll('events:*', '*')),
        },
      },
      Secret: secret,
      SecretPolicy: {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: { SecretId: ref('Secret'), ResourcePolicy: document(forAll('secretsmanager:*', '*')) },
      },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(forAll('kms:*', '*')) } },
    });
    const of = (service: string, resource: string) =>
      ids(policies.ofResource(`arn:aws:${service}:${region}:${account}:${resource}`));
    expect(of('sqs', 'Toy-Plans')).toEqual(['QueuesPolicy[0]']);
    expect(of('sqs', 'Toy-Other')).toEqual([]);
    expect(of('sns', 'Toy-Alarms')).toEqual(['AlarmsPolicy[0]']);
    expect(of('events', 'event-bus/signals')).toEqual(['BusPolicy[Sender]']);
    expect(of('events', 'event-bus/whole')).toEqual(['Whole[Sender]', 'Whole[1]']);
    expect(ids(policies.statements)).toEqual(
      expect.arrayContaining(['QueuesPolicy[0]', 'BusPolicy[Sender]', 'SecretPolicy[0]', 'Key[0]']),
    );
  });

  it('that is a key without a policy leaves it to the account', () => {
    const stack = { Key: { Type: 'AWS::KMS::Key' } };
    const [key] = stackOf(stack).resources;
    expect(read(stack).ofResource(key?.arn ?? '')).toMatchObject([
      { id: 'Key[0]', effect: 'Allow', principals: [{ kind: 'account', account }] },
    ]);
  });

  it('is known by the ARN that it has here, in every policy', () => {
    const resources = {
      Secret: secret,
      SecretPolicy: {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: {
          SecretId: ref('Secret'),
          ResourcePolicy: document(forAll('secretsmanager:*', ref('Secret'))),
        },
      },
      Worker: role(),
      Own: policy({
        PolicyDocument: document(
          allow('secretsmanager:GetSecretValue', { 'Fn::Join': ['', [ref('Secret'), '*']] }),
        ),
        Roles: [ref('Worker')],
      }),
    };
    const there = stackOf(resources).of('AWS::SecretsManager::Secret')[0]?.arn ?? '';
    const here = `arn:aws:secretsmanager:${region}:${account}:secret:x-Ab12Cd`;
    const policies = read(resources, new Map([[there, here]]));
    expect(policies.ofResource(there)).toEqual([]);
    expect(policies.ofResource(here)).toMatchObject([{ resources: { patterns: [here] } }]);
    expect(policies.ofRole(roleArn)).toMatchObject([{ resources: { patterns: [`${here}*`] } }]);
  });
});

describe('a template stops the start', () => {
  const roles = { PolicyDocument: document(allow('sqs:SendMessage')), Roles: ['Nobody'] };
  const permission = {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName: 'x', Principal: 'events.amazonaws.com' },
  };

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'with a policy for a role that is not in it',
      { Own: policy(roles) },
      'Own: AWS::IAM::Role Nobody is not in the template',
    ],
    [
      'with a policy for a user',
      { Own: policy({ ...roles, Users: ['ada'] }) },
      'Own: Users of AWS::IAM::Policy changes what is allowed',
    ],
    [
      'with a boundary',
      { Worker: role({ PermissionsBoundary: 'arn:aws:iam::aws:policy/X' }) },
      'Worker: PermissionsBoundary',
    ],
    [
      'with a policy of AWS',
      { Worker: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/Admin'] }) },
      'Worker: the managed policy arn:aws:iam::aws:policy/Admin is not in the template',
    ],
    [
      'with a policy on a table',
      { Table: { Type: 'AWS::DynamoDB::Table', Properties: { ResourcePolicy: {} } } },
      'Table: ResourcePolicy',
    ],
    [
      'with a policy of a bus that says nothing',
      { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'b', Policy: {} } } },
      'Bus: ',
    ],
    [
      'with a statement beside the policy of a bus',
      {
        Bus: {
          Type: 'AWS::Events::EventBus',
          Properties: { Name: 'b', Policy: document(forAll('events:PutEvents', '*')) },
        },
        Beside: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { EventBusName: 'b', StatementId: 'x', Statement: forAll('events:PutEvents', '*') },
        },
      },
      'Beside: Bus has a Policy, which replaces what is written beside it',
    ],
    ['with a role that nobody may assume', { Worker: { Type: 'AWS::IAM::Role' } }, 'Worker: '],
    [
      'with a role that says who may by a variable',
      {
        Worker: role({
          AssumeRolePolicyDocument: document({
            Effect: 'Allow',
            Principal: { Federated: 'x' },
            Action: 'sts:AssumeRole',
          }),
        }),
      },
      'Federated',
    ],
    [
      'with a permission for a function that is not in it',
      { May: permission },
      'May: AWS::Lambda::Function x is not in the template',
    ],
    [
      'with a permission for an organization',
      { May: { ...permission, Properties: { ...permission.Properties, PrincipalOrgID: 'o-1' } } },
      'PrincipalOrgID',
    ],
    [
      'with a policy for a queue that is not in it',
      {
        Q: {
          Type: 'AWS::SQS::QueuePolicy',
          Properties: {
            Queues: [`http://x/${account}/none`],
            PolicyDocument: document(forAll('sqs:*', '*')),
          },
        },
      },
      'Q: AWS::SQS::Queue http://x',
    ],
    [
      'with a policy for a bus in an old form',
      {
        B: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: { StatementId: 'x', Action: 'events:PutEvents', Principal: '*' },
        },
      },
      'B: ',
    ],
  ])('%s', (_, resources, words) => {
    expect(() => read(resources)).toThrow(words);
  });
});
