import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { add, resourceOf, stoppedBy, synthesizeBroken } from '../synth.ts';

const broken = (breakIt: Parameters<typeof stoppedBy>[1]) => stoppedBy('actions-are-named', breakIt);
const role = (stack: Parameters<Parameters<typeof stoppedBy>[1]>[0]) =>
  stack.node.findChild('Operate').node.findChild('Role') as Role;

describe('actions-are-named', () => {
  it.each(['*', 'dynamodb:*', 'dynamodb:Get*'])('names %s in the policy of a role', (action) => {
    expect(
      broken((stack) =>
        role(stack).addToPolicy(
          new PolicyStatement({ actions: [action], resources: ['arn:aws:dynamodb:::x'] }),
        ),
      ),
    ).toEqual([`Operate/Role/DefaultPolicy/Resource: the action "${action}"`]);
  });

  it('names NotAction, which allows the rest', () => {
    expect(
      broken((stack) =>
        role(stack).addToPolicy(
          new PolicyStatement({ notActions: ['iam:CreateUser'], resources: ['arn:aws:iam:::x'] }),
        ),
      ),
    ).toEqual(['Operate/Role/DefaultPolicy/Resource: NotAction, which allows all the rest']);
  });

  it('lets a Deny use wildcards', () => {
    const deny = { effect: Effect.DENY, actions: ['dynamodb:*'], resources: ['*'] };
    expect(broken((stack) => role(stack).addToPolicy(new PolicyStatement(deny)))).toEqual([]);
  });

  it('reads the trust of a role', () => {
    expect(
      broken((stack) =>
        resourceOf(stack, 'Operate/Role').addPropertyOverride(
          'AssumeRolePolicyDocument.Statement.0.Action',
          'sts:*',
        ),
      ),
    ).toEqual(['Operate/Role/Resource: the action "sts:*"']);
  });

  it('reads the policy of a key, which the CDK opens to kms:* unless told otherwise', () => {
    expect(broken((stack) => new Key(stack, 'Broken'))).toEqual(['Broken/Resource: the action "kms:*"']);
  });

  it('reads the policy of a queue', () => {
    const PolicyDocument = {
      Statement: { Effect: 'Allow', Action: 'sqs:*', Principal: { AWS: '111122223333' } },
    };
    expect(broken((stack) => add(stack, 'AWS::SQS::QueuePolicy', { PolicyDocument }))).toEqual([
      'Broken: the action "sqs:*"',
    ]);
  });

  it('reads a policy that is JSON text, joined around what only CloudFormation knows', () => {
    const statement = { Effect: 'Allow', Action: 'logs:*', Principal: { AWS: 'THE-ACCOUNT' } };
    const [before, after] = JSON.stringify({ Statement: [statement] }).split('THE-ACCOUNT');
    const PolicyDocument = { 'Fn::Join': ['', [before, { Ref: 'AWS::AccountId' }, after]] };
    expect(broken((stack) => add(stack, 'AWS::Logs::ResourcePolicy', { PolicyDocument }))).toEqual([
      'Broken: the action "logs:*"',
    ]);
  });

  it('stops at a policy that is text and no JSON', () => {
    const PolicyDocument = '{"Statement": [{"Effect": "Allow"';
    const { error } = synthesizeBroken((stack) =>
      add(stack, 'AWS::Logs::ResourcePolicy', { PolicyDocument }),
    );
    expect(error).toContain('Broken has a policy at Properties.PolicyDocument that is text and no JSON');
  });

  it('reads the permission of a function', () => {
    expect(
      broken((stack) => add(stack, 'AWS::Lambda::Permission', { Action: 'lambda:*', Principal: 'x' })),
    ).toEqual(['Broken: the action "lambda:*"']);
  });

  it('takes an action that only the deploy knows for none', () => {
    expect(
      broken((stack) =>
        add(stack, 'AWS::Lambda::Permission', { Action: { Ref: 'AWS::StackName' }, Principal: 'x' }),
      ),
    ).toEqual(['Broken: the action {"Ref":"AWS::StackName"}']);
  });
});
