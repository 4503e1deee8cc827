import { describe, expect, it } from 'vitest';
import { createEnforcement, type Holder } from './enforcement.ts';
import type { Principal } from './language/principal.ts';
import { readTemplatePolicies } from './template/template-policies.ts';
import type { Call } from '../service.ts';
import { directory } from './directory.ts';
import { stackOf } from './stack.ts';
import { account, region, role, roleArn, service, statementsOf, user } from './language/statements.ts';

const queueUrl = `http://127.0.0.1:4000/${account}/plans`;
const queueArn = `arn:aws:sqs:${region}:${account}:plans`;
const call = (accessKeyId: string, operation = 'SendMessage'): Call => ({
  caller: { accessKeyId, name: accessKeyId },
  service: 'sqs',
  operation,
  input: { QueueUrl: queueUrl },
  arrivedAt: 0,
});
const asked = (action: string, principal: Principal = role) => [
  { principal, authorization: { action, resource: queueArn, context: new Map() } },
];

const newEnforcement = () => {
  const holders: Readonly<Record<string, Holder>> = {
    worker: { principal: role, administers: false },
    ada: { principal: user, administers: false },
    root: { principal: user, administers: true },
  };
  return createEnforcement({
    policies: readTemplatePolicies(
      stackOf({
        Worker: {
          Type: 'AWS::IAM::Role',
          Properties: {
            RoleName: roleArn.replace(/^.*\//, ''),
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: {
                Effect: 'Allow',
                Principal: { Service: 'lambda.amazonaws.com' },
                Action: 'sts:AssumeRole',
              },
            },
            Policies: [
              {
                PolicyName: 'Work',
                PolicyDocument: {
                  Version: '2012-10-17',
                  Statement: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn },
                },
              },
            ],
          },
        },
      }),
    ),
    directory,
    holderOf: (key) => holders[key],
    ofUsers: statementsOf('Users', 'identity', {
      Effect: 'Allow',
      Action: 'sqs:ReceiveMessage',
      Resource: '*',
    }),
  });
};
const proven = (enforcement: ReturnType<typeof newEnforcement>) =>
  enforcement.report().proven.map(({ id }) => id);

describe('the guard', () => {
  it('lets a role do what its policy allows, and notes the statement', () => {
    const enforcement = newEnforcement();
    enforcement.guard(call('worker'));
    expect(proven(enforcement)).toEqual(['Worker.Work[0]']);
    expect(enforcement.denials).toEqual([]);
  });

  it('refuses what no policy allows with the error of the service, and keeps the words', () => {
    const enforcement = newEnforcement();
    const words = `User: ${role.session} is not authorized to perform: sqs:purgequeue on resource: ${queueArn}`;
    expect(() => enforcement.guard(call('worker', 'PurgeQueue'))).toThrow(words);
    expect(enforcement.denials).toEqual([expect.stringContaining(words)]);
  });

  it('asks a user by what users may, which is no statement of the template', () => {
    const enforcement = newEnforcement();
    enforcement.guard(call('ada', 'ReceiveMessage'));
    expect(() => enforcement.guard(call('ada'))).toThrow('is not authorized to perform: sqs:sendmessage');
    expect(proven(enforcement)).toEqual([]);
  });

  it('asks nobody who administers the account, not even for what it does not know', () => {
    expect(() => newEnforcement().guard(call('root', 'CreateQueue'))).not.toThrow();
    expect(() => newEnforcement().guard(call('worker', 'CreateQueue'))).toThrow('sqs:CreateQueue');
  });

  it('does not take a key that nobody has', () => {
    expect(() => newEnforcement().guard(call('mallory'))).toThrow('nobody said whose key it is');
  });
});

describe('what is done without a call', () => {
  it('is demanded, and proves its statement', () => {
    const enforcement = newEnforcement();
    enforcement.demand('sqs', asked('sqs:SendMessage'));
    expect(proven(enforcement)).toEqual(['Worker.Work[0]']);
    expect(() => enforcement.demand('sqs', asked('sqs:PurgeQueue'))).toThrow('sqs:purgequeue');
    expect(enforcement.allows(asked('sqs:PurgeQueue'))).toBe(false);
    expect(enforcement.allows(asked('sqs:SendMessage', service('events')))).toBe(false);
    expect(enforcement.denials).toHaveLength(3);
  });

  it('is foreseen, and proves nothing', () => {
    const enforcement = newEnforcement();
    enforcement.foresee('sqs', asked('sqs:SendMessage'));
    expect(proven(enforcement)).toEqual([]);
    expect(() => enforcement.foresee('sqs', asked('sqs:PurgeQueue'))).toThrow('sqs:purgequeue');
  });
});
