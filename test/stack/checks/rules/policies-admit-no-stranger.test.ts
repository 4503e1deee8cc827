import { describe, expect, it } from 'vitest';
import { add, resourceOf, stoppedBy } from '../synth.ts';

const broken = (breakIt: Parameters<typeof stoppedBy>[1]) => stoppedBy('policies-admit-no-stranger', breakIt);
const found = ['Broken: an Allow for every principal of every account'];

const allowing = (more: object) =>
  broken((stack) =>
    add(stack, 'AWS::SQS::QueuePolicy', {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', ...more }] },
    }),
  );

describe('policies-admit-no-stranger', () => {
  it.each([
    ['*', '*'],
    ['every AWS principal', { AWS: '*' }],
    ['one among others', { AWS: ['arn:aws:iam::111122223333:root', '*'] }],
  ])('names an Allow for %s', (_name, Principal) => {
    expect(allowing({ Principal })).toEqual(found);
  });

  it('names an Allow for all but some', () => {
    expect(allowing({ NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' } })).toEqual(found);
  });

  it.each([
    ['the account', { StringEquals: { 'aws:PrincipalAccount': '111122223333' } }],
    ['the account of the stack', { StringEquals: { 'AWS:SourceAccount': { Ref: 'AWS::AccountId' } } }],
    ['the organization', { StringLike: { 'aws:PrincipalOrgID': ['o-1234567890'] } }],
  ])('is silent where a condition names %s', (_name, Condition) => {
    expect(allowing({ Principal: '*', Condition })).toEqual([]);
  });

  it.each([
    [
      'only looks if there is an account',
      { StringEqualsIfExists: { 'aws:PrincipalAccount': '111122223333' } },
    ],
    ['holds for no value at all', { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-1234567890' } }],
    ['names all accounts but one', { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } }],
    ['takes every account', { StringLike: { 'aws:PrincipalAccount': '*' } }],
    ['says only how they come', { Bool: { 'aws:SecureTransport': 'true' } }],
  ])('names one whose condition %s', (_name, Condition) => {
    expect(allowing({ Principal: '*', Condition })).toEqual(found);
  });

  it('reads the trust of a role', () => {
    expect(
      broken((stack) =>
        resourceOf(stack, 'Operate/Role').addPropertyOverride(
          'AssumeRolePolicyDocument.Statement.0.Principal',
          {
            AWS: '*',
          },
        ),
      ),
    ).toEqual(['Operate/Role/Resource: an Allow for every principal of every account']);
  });

  it('reads the old form of the policy of a bus', () => {
    const short = { Action: 'events:PutEvents', Principal: '*', StatementId: 'all' };
    const Condition = { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-1234567890' };
    const adding = (properties: Record<string, unknown>) =>
      broken((stack) => add(stack, 'AWS::Events::EventBusPolicy', properties));
    expect(adding(short)).toEqual(found);
    expect(adding({ ...short, Condition })).toEqual([]);
  });
});
