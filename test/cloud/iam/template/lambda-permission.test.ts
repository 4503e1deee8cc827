import { describe, expect, it } from 'vitest';
import { readTemplatePolicies } from './template-policies.ts';
import { stackOf } from '../stack.ts';
import { account, region } from '../language/statements.ts';

const functionArn = `arn:aws:lambda:${region}:${account}:function:rotate`;
const fn = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'rotate' } };

describe('a policy of a resource', () => {
  it('that is a function has a statement for each permission', () => {
    const permission = (more: object) => ({
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', FunctionName: 'rotate', ...more },
    });
    const policies = readTemplatePolicies(
      stackOf({
        Fn: fn,
        May: permission({
          Principal: 'secretsmanager.amazonaws.com',
          SourceAccount: { Ref: 'AWS::AccountId' },
        }),
        Rule: permission({
          Principal: 'events.amazonaws.com',
          SourceArn: 'arn:aws:events:eu-west-1:1:rule/*',
        }),
        Url: permission({
          Action: 'lambda:InvokeFunctionUrl',
          Principal: account,
          FunctionUrlAuthType: 'AWS_IAM',
          InvokedViaFunctionUrl: true,
        }),
      }),
    );
    expect(policies.ofResource(functionArn)).toMatchObject([
      {
        id: 'May[0]',
        principals: [{ kind: 'service', name: 'secretsmanager.amazonaws.com' }],
        resources: { kind: 'only', patterns: [functionArn] },
        conditions: [{ key: 'aws:SourceAccount', wanted: [account] }],
      },
      {
        id: 'Rule[0]',
        conditions: [{ key: 'aws:SourceArn', wanted: ['arn:aws:events:eu-west-1:1:rule/*'] }],
      },
      {
        id: 'Url[0]',
        principals: [{ kind: 'account', account }],
        conditions: [
          { key: 'lambda:FunctionUrlAuthType' },
          { key: 'lambda:InvokedViaFunctionUrl', wanted: ['true'] },
        ],
      },
    ]);
  });
});
