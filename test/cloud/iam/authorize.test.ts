import { describe, expect, it } from 'vitest';
import { runFunction } from './needs/acting-services.ts';
import { actsOf, authorize } from './authorize.ts';
import type { Context } from './language/conditions.ts';
import { nameOf, type Principal, roleSession } from './language/principal.ts';
import { account, role, roleArn, service, statementsOf, user } from './language/statements.ts';

const queue = `arn:aws:sqs:eu-west-1:${account}:plans`;
const key = `arn:aws:kms:eu-west-1:${account}:key/k1`;

/** Whether one statement for everybody, under this condition, lets somebody send. */
const lets = (principal: Principal, Condition: object, context: Context = new Map()) => {
  const statement = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition };
  const [ruling] = authorize(actsOf(principal, [{ action: 'sqs:SendMessage', resource: queue, context }]), {
    identityOf: () => [],
    resourceOf: () => statementsOf('Queue', 'resource', statement),
  });
  return ruling?.decision.allowed;
};

describe('every request says', () => {
  it('that it came over TLS', () => {
    expect(lets(role, { Bool: { 'aws:SecureTransport': 'true' } })).toBe(true);
    expect(lets(role, { Bool: { 'aws:SecureTransport': 'false' } })).toBe(false);
  });

  it.each<[string, Principal, string, boolean]>([
    ['a session, by its role', role, roleArn, true],
    ['a session, not by itself', role, role.session, false],
    ['a user', user, `arn:aws:iam::${account}:user/ada`, true],
    ['a service has none', service('events'), 'arn:aws:iam::*:*', false],
  ])('who asks: %s', (_, principal, arn, expected) => {
    expect(lets(principal, { ArnLike: { 'aws:PrincipalArn': arn } })).toBe(expected);
  });

  it('from which account, and whether it is a service', () => {
    expect(lets(user, { StringEquals: { 'aws:PrincipalAccount': account } })).toBe(true);
    expect(lets(service('sns'), { Null: { 'aws:PrincipalAccount': 'true' } })).toBe(true);
    expect(lets(user, { Bool: { 'aws:PrincipalIsAWSService': 'true' } })).toBe(false);
    expect(lets(service('sns'), { Bool: { 'aws:PrincipalIsAWSService': 'true' } })).toBe(true);
  });

  it('whether a service asks for somebody: not unless the request says so', () => {
    const via = { Bool: { 'aws:ViaAWSService': 'true' } };
    expect(lets(role, via)).toBe(false);
    expect(lets(role, { Bool: { 'aws:ViaAWSService': 'false' } })).toBe(true);
    expect(lets(role, via, new Map([['aws:ViaAWSService', 'true']]))).toBe(true);
  });
});

describe('a call', () => {
  const statement = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
  const policies = {
    identityOf: () =>
      statementsOf('Worker', 'identity', statement('sqs:SendMessage', queue), statement('kms:Decrypt', key)),
    resourceOf: () => [],
  };
  const ask = (action: string, resource: string) => ({ action, resource, context: new Map() });

  it('needs all that is asked for, and stops at what is refused', () => {
    const asked = [ask('sqs:SendMessage', queue), ask('kms:Decrypt', key), ask('sqs:SendMessage', queue)];
    const rulings = authorize(actsOf(role, asked), policies);
    expect(rulings.map(({ authorization, decision }) => [authorization.action, decision.allowed])).toEqual([
      ['sqs:SendMessage', true],
      // the account's policies do not count where the key does not delegate to it
      ['kms:Decrypt', false],
    ]);
  });

  it('that needs nothing is asked nothing', () => {
    expect(authorize([], policies)).toEqual([]);
  });
});

describe('a session', () => {
  it('is called by its role without the path', () => {
    const session = roleSession(`arn:aws:iam::${account}:role/service/worker`, 'run');
    expect(session.session).toBe(`arn:aws:sts::${account}:assumed-role/worker/run`);
    expect(nameOf(session)).toBe(session.session);
  });
});

describe('a function that runs', () => {
  it('writes to a stream of its own group', () => {
    const group = `arn:aws:logs:eu-west-1:${account}:log-group:Logs:*`;
    const acts = runFunction({ roleArn, name: 'operate' }, group);
    expect(acts.map(({ authorization }) => [authorization.action, authorization.resource])).toEqual([
      ['sts:AssumeRole', roleArn],
      ['logs:CreateLogStream', `arn:aws:logs:eu-west-1:${account}:log-group:Logs:log-stream:operate`],
      ['logs:PutLogEvents', `arn:aws:logs:eu-west-1:${account}:log-group:Logs:log-stream:operate`],
      ['xray:PutTraceSegments', '*'],
      ['xray:PutTelemetryRecords', '*'],
    ]);
    expect(acts.map(({ principal }) => nameOf(principal))).toEqual([
      'lambda.amazonaws.com',
      ...Array.from({ length: 4 }, () => `arn:aws:sts::${account}:assumed-role/worker/operate`),
    ]);
  });
});
