import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { readStack, resolveStack } from './read-stack.ts';
import { parseTemplate } from './template.ts';
import { environmentOf } from '../../../lib/wire/environment.ts';

const place = {
  account: '000000000000',
  region: 'eu-west-1',
  queueUrl: (name: string) => `http://127.0.0.1:4000/000000000000/${name}`,
  functionUrl: (name: string) => `http://127.0.0.1:4001/${name}/`,
};
const read = (Resources: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  resolveStack(parseTemplate({ Resources, ...rest }, 'Toy'), 'Toy', place, (id) => `/code/${id}`);
const nameAndArn = (Type: string, Properties: Record<string, unknown> = {}) => {
  const { name, arn } = read({ It: { Type, Properties } }).resources[0] ?? {};
  return { name, arn };
};

describe('names and ARNs', () => {
  const here = 'eu-west-1:000000000000';

  it.each([
    ['AWS::DynamoDB::Table', {}, 'Toy-It', `arn:aws:dynamodb:${here}:table/Toy-It`],
    ['AWS::DynamoDB::Table', { TableName: 'Cases' }, 'Cases', `arn:aws:dynamodb:${here}:table/Cases`],
    ['AWS::SQS::Queue', { QueueName: 'plans' }, 'plans', `arn:aws:sqs:${here}:plans`],
    ['AWS::Lambda::Function', {}, 'Toy-It', `arn:aws:lambda:${here}:function:Toy-It`],
    ['AWS::Events::EventBus', { Name: 'bus' }, 'bus', `arn:aws:events:${here}:event-bus/bus`],
    ['AWS::Events::Rule', {}, 'Toy-It', `arn:aws:events:${here}:rule/Toy-It`],
    ['AWS::Events::Rule', { EventBusName: 'bus' }, 'Toy-It', `arn:aws:events:${here}:rule/bus/Toy-It`],
    ['AWS::Scheduler::Schedule', {}, 'Toy-It', `arn:aws:scheduler:${here}:schedule/default/Toy-It`],
    ['AWS::IAM::Role', { Path: '/x/' }, 'Toy-It', 'arn:aws:iam::000000000000:role/x/Toy-It'],
    ['AWS::Logs::LogGroup', {}, 'Toy-It', `arn:aws:logs:${here}:log-group:Toy-It:*`],
    ['AWS::CloudWatch::Alarm', {}, 'Toy-It', `arn:aws:cloudwatch:${here}:alarm:Toy-It`],
    ['AWS::CloudWatch::CompositeAlarm', {}, 'Toy-It', `arn:aws:cloudwatch:${here}:alarm:Toy-It`],
    ['AWS::CloudWatch::Dashboard', {}, 'Toy-It', 'arn:aws:cloudwatch::000000000000:dashboard/Toy-It'],
    ['AWS::SNS::Topic', { TopicName: 'alarms' }, 'alarms', `arn:aws:sns:${here}:alarms`],
    ['AWS::KMS::Alias', { AliasName: 'alias/a' }, 'alias/a', `arn:aws:kms:${here}:alias/a`],
    ['AWS::SQS::QueuePolicy', {}, 'Toy-It', ''],
  ])('of %s %j have the form that AWS gives them', (type, properties, name, arn) => {
    expect(nameAndArn(type, properties)).toEqual({ name, arn });
  });

  it.each([
    ['operate'],
    ['000000000000:function:operate'],
    [`arn:aws:lambda:${here}:function:operate`],
    [{ 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:operate' }],
  ])('of a function URL for %j are those of the function', (TargetFunctionArn) => {
    expect(nameAndArn('AWS::Lambda::Url', { TargetFunctionArn })).toEqual({
      name: 'operate',
      arn: `arn:aws:lambda:${here}:function:operate`,
    });
  });

  it('of a function URL are refused for an alias, and without a function', () => {
    const target = `arn:aws:lambda:${here}:function:operate:live`;
    expect(() => nameAndArn('AWS::Lambda::Url', { TargetFunctionArn: target })).toThrow(
      `"${target}" names no function`,
    );
    expect(() => nameAndArn('AWS::Lambda::Url')).toThrow('nothing names no function');
  });

  it('of a secret end in six characters, the same in every run', () => {
    const secret = nameAndArn('AWS::SecretsManager::Secret', { Name: 'HandleKey' });
    expect(secret.name).toBe('HandleKey');
    expect(secret.arn).toMatch(
      /^arn:aws:secretsmanager:eu-west-1:000000000000:secret:HandleKey-[0-9a-f]{6}$/,
    );
    expect(nameAndArn('AWS::SecretsManager::Secret', { Name: 'HandleKey' })).toEqual(secret);
  });

  it('of a key are made of a UUID, the same in every run', () => {
    const key = nameAndArn('AWS::KMS::Key');
    expect(key.arn).toBe(`arn:aws:kms:${here}:key/${key.name}`);
    expect(key.name).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(nameAndArn('AWS::KMS::Key')).toEqual(key);
  });
});

describe('references', () => {
  const outputOf = (Resources: Record<string, unknown>, Value: unknown) =>
    read(Resources, { Outputs: { Out: { Value } } }).outputs['Out'];
  const queue = { It: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'plans' } } };
  const secret = { It: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'key' } } };
  const bus = { It: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } } };
  const url = {
    It: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['Operate', 'Arn'] } } },
    Operate: { Type: 'AWS::Lambda::Function', Properties: {} },
  };
  const operateArn = 'arn:aws:lambda:eu-west-1:000000000000:function:Toy-Operate';

  it.each([
    ['a queue by its URL', queue, { Ref: 'It' }, place.queueUrl('plans')],
    [
      'a queue by its ARN',
      queue,
      { 'Fn::GetAtt': ['It', 'Arn'] },
      'arn:aws:sqs:eu-west-1:000000000000:plans',
    ],
    ['a bus by its name', bus, { Ref: 'It' }, 'bus'],
    ['a secret by its ARN', secret, { Ref: 'It' }, expect.stringMatching(/:secret:key-[0-9a-f]{6}$/)],
    ['a function URL by the ARN of its function', url, { Ref: 'It' }, operateArn],
    ['the function of a URL', url, { 'Fn::GetAtt': ['It', 'FunctionArn'] }, operateArn],
    [
      'the address of a function URL',
      url,
      { 'Fn::GetAtt': ['It', 'FunctionUrl'] },
      place.functionUrl('Toy-Operate'),
    ],
    [
      'the account and region',
      {},
      { 'Fn::Sub': '${AWS::AccountId}/${AWS::Region}' },
      '000000000000/eu-west-1',
    ],
    ['the partition and stack', {}, { 'Fn::Sub': '${AWS::Partition}/${AWS::StackName}' }, 'aws/Toy'],
  ])('name %s', (_, resources, value, expected) => {
    expect(outputOf(resources, value)).toEqual(expected);
  });

  it('reach through a name that is itself a reference', () => {
    const resources = {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: { TableName: { 'Fn::Join': ['-', ['t', { Ref: 'Bus' }]] } },
      },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
    };
    expect(outputOf(resources, { 'Fn::GetAtt': ['Table', 'Arn'] })).toMatch(/table\/t-bus$/);
  });
});

describe('what the local cloud does not know stops the start', () => {
  const queue = { Type: 'AWS::SQS::Queue' };

  it.each([
    [
      'a type',
      { Stream: { Type: 'AWS::Kinesis::Stream' } },
      /^Stream: the type AWS::Kinesis::Stream is not known \(known: .*AWS::SQS::Queue/,
    ],
    ['a custom resource', { Do: { Type: 'Custom::Thing' } }, 'Do: the type Custom::Thing is not known'],
    [
      'an intrinsic',
      { Queue: { ...queue, Properties: { QueueName: { 'Fn::If': ['A', 'b', 'c'] } } } },
      /^Queue.*: the intrinsic function Fn::If is not known \(known: .*Fn::Sub/,
    ],
    [
      'an attribute',
      { Queue: queue, Other: { ...queue, Properties: { A: { 'Fn::GetAtt': ['Queue', 'Depth'] } } } },
      'Other.A: the attribute Depth of Queue (AWS::SQS::Queue) is not known (known: Arn, QueueName, QueueUrl)',
    ],
    [
      'a Ref of what has none',
      { P: { Type: 'AWS::SQS::QueuePolicy' }, Queue: { ...queue, Properties: { A: { Ref: 'P' } } } },
      'Queue.A: Ref of P (AWS::SQS::QueuePolicy) is not known',
    ],
    [
      'a name',
      { Queue: { ...queue, Properties: { A: { Ref: 'Nobody' } } } },
      'Queue.A: nothing in the template is named Nobody',
    ],
    [
      'a parameter',
      { Queue: { ...queue, Properties: { A: { Ref: 'BootstrapVersion' } } } },
      'is named BootstrapVersion',
    ],
    ['a condition', { Queue: { ...queue, Condition: 'IsProd' } }, 'Queue: the member Condition is not known'],
  ])('%s', (_, resources, message) => {
    expect(() => read(resources)).toThrow(message);
  });

  it.each([
    ['a section', { Mappings: {} }, 'Toy: the section Mappings is not known'],
    ['a parameter of our own', { Parameters: { Stage: {} } }, 'Toy.Parameters: the name Stage is not known'],
    [
      'a condition of our own',
      { Conditions: { IsProd: {} } },
      'Toy.Conditions: the name IsProd is not known',
    ],
  ])('%s', (_, rest, message) => {
    expect(() => read({}, rest)).toThrow(message);
  });
});

describe('the CDK’s own parts', () => {
  it('are left out', () => {
    const resources = { CDKMetadata: { Type: 'AWS::CDK::Metadata', Condition: 'CDKMetadataAvailable' } };
    const stack = read(resources, {
      Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>' } },
      Rules: { CheckBootstrapVersion: {} },
      Conditions: { CDKMetadataAvailable: {} },
    });
    expect(stack.resources).toEqual([]);
  });
});

describe('a circle', () => {
  const queue = (other: string) => ({
    Type: 'AWS::SQS::Queue',
    Properties: { A: { 'Fn::GetAtt': [other, 'Arn'] } },
  });

  it('of references stops the start with its path', () => {
    expect(() => read({ A: queue('B'), B: queue('C'), C: queue('A') })).toThrow(
      'A: resources depend on each other: A → B → C → A',
    );
  });

  it('closed by DependsOn stops it too', () => {
    expect(() => read({ A: queue('B'), B: { Type: 'AWS::SQS::Queue', DependsOn: 'A' } })).toThrow(
      'A → B → A',
    );
  });

  it('of names is found before it is followed', () => {
    const named = (other: string) => ({
      Type: 'AWS::Events::EventBus',
      Properties: { Name: { Ref: other } },
    });
    expect(() => read({ A: named('B'), B: named('A') })).toThrow('A → B → A');
  });

  it('is no two ways to the same resource', () => {
    const both = { Type: 'AWS::SQS::Queue', Properties: { A: { Ref: 'B' } }, DependsOn: ['B', 'C'] };
    expect(read({ A: both, B: queue('C'), C: { Type: 'AWS::SQS::Queue' } }).resources).toHaveLength(3);
  });
});

describe('the real assembly', () => {
  const stack = readStack(inject('assembly'), 'Rescind', place);

  it('is understood whole: no intrinsic is left', () => {
    expect(JSON.stringify([stack.resources, stack.outputs])).not.toMatch(/"(Ref|Fn::[A-Za-z]+)":/);
  });

  it('gives every function its code', () => {
    const functions = stack.of('AWS::Lambda::Function');
    expect(functions).toHaveLength(Object.keys(environmentOf).length);
    for (const { codeFolder = '' } of functions) expect(existsSync(join(codeFolder, 'index.mjs'))).toBe(true);
  });

  it('connects what belongs together', () => {
    const arns = (type: string) => stack.of(type).map(({ arn }) => arn);
    const names = (type: string) => stack.of(type).map(({ name }) => name);
    for (const { properties } of stack.of('AWS::Lambda::EventSourceMapping')) {
      expect(arns('AWS::SQS::Queue')).toContain(properties['EventSourceArn']);
      expect(names('AWS::Lambda::Function')).toContain(properties['FunctionName']);
    }
    for (const { properties } of stack.of('AWS::Scheduler::Schedule'))
      expect(arns('AWS::Lambda::Function')).toContain((properties['Target'] as { Arn: string }).Arn);
    for (const { properties } of stack.of('AWS::Lambda::Function'))
      expect(arns('AWS::IAM::Role')).toContain(properties['Role']);
    expect(names('AWS::DynamoDB::Table')).toContain(stack.outputs['RescindCasesTable']);
  });

  it('is read the same twice', () => {
    expect(readStack(inject('assembly'), 'Rescind', place).resources).toEqual(stack.resources);
  });

  it('is refused under a wrong name', () => {
    expect(() => readStack(inject('assembly'), 'Other', place)).toThrow('Other.template.json');
  });
});
