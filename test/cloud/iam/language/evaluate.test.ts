import { describe, expect, it } from 'vitest';
import { type AccessRequest, type Decision, decide, delegationOf, type Delegation } from './evaluate.ts';
import { account, role, roleArn, service, statementsOf, user } from './statements.ts';

const queue = `arn:aws:sqs:eu-west-1:${account}:plans`;
const key = `arn:aws:kms:eu-west-1:${account}:key/k1`;
const root = { AWS: `arn:aws:iam::${account}:root` };
const everybody = { AWS: '*' };

const allow = (more: object = {}) => ({
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: queue,
  ...more,
});
const deny = (more: object = {}) => allow({ Effect: 'Deny', ...more });

const ask = (
  policies: {
    readonly identity?: readonly object[];
    readonly resource?: readonly object[];
    readonly delegation?: Delegation;
  },
  request: Partial<AccessRequest> = {},
): Decision =>
  decide(
    { principal: role, action: 'sqs:SendMessage', resource: queue, context: new Map(), ...request },
    {
      identity: statementsOf('Identity', 'identity', ...(policies.identity ?? [])),
      resource: statementsOf('Resource', 'resource', ...(policies.resource ?? [])),
      ...(policies.delegation && { delegation: policies.delegation }),
    },
  );

const allowed = (...by: readonly string[]) => ({ allowed: true, by });
const noAllow = (sort = 'identity-based') => ({ allowed: false, because: 'no-allow', sort });
const denied = (sort: string, ...by: readonly string[]) => ({
  allowed: false,
  because: 'explicit-deny',
  sort,
  by,
});

// "Policy evaluation logic": "Determining whether a request is allowed or denied within an account"
describe('within one account', () => {
  it('refuses what nobody allows', () => {
    expect(ask({})).toEqual(noAllow());
    expect(ask({ identity: [allow({ Action: 'sqs:ReceiveMessage' })] })).toEqual(noAllow());
    expect(ask({ identity: [allow({ Resource: `${queue}-2` })] })).toEqual(noAllow());
  });

  it('allows what either side allows, and names every statement that does', () => {
    expect(ask({ identity: [allow()] })).toEqual(allowed('Identity[0]'));
    expect(ask({ resource: [allow({ Principal: { AWS: roleArn } })] })).toEqual(allowed('Resource[0]'));
    expect(
      ask({
        identity: [allow({ Sid: 'A' }), deny({ Action: 'sqs:PurgeQueue' }), allow({ Action: '*' })],
        resource: [allow({ Principal: everybody })],
      }),
    ).toEqual(allowed('Resource[0]', 'Identity[A]', 'Identity[2]'));
  });

  it('refuses what either side denies, whatever is allowed', () => {
    expect(ask({ identity: [allow(), deny()], resource: [allow({ Principal: everybody })] })).toEqual(
      denied('identity-based', 'Identity[1]'),
    );
    expect(ask({ identity: [allow()], resource: [deny({ Principal: { AWS: role.session } })] })).toEqual(
      denied('resource-based', 'Resource[0]'),
    );
  });

  it('applies a statement only where all its conditions hold', () => {
    const Condition = {
      StringEquals: { 'aws:SourceAccount': account },
      Bool: { 'aws:SecureTransport': 'true' },
    };
    const context = (secure: string) =>
      new Map([
        ['aws:SourceAccount', account],
        ['aws:SecureTransport', secure],
      ]);
    expect(ask({ identity: [allow({ Condition })] }, { context: context('true') }).allowed).toBe(true);
    expect(ask({ identity: [allow({ Condition })] }, { context: context('false') }).allowed).toBe(false);
  });

  it('reads NotAction and NotResource as everything but', () => {
    expect(ask({ identity: [{ Effect: 'Allow', NotAction: 'sqs:Delete*', Resource: '*' }] }).allowed).toBe(
      true,
    );
    expect(
      ask({ identity: [{ Effect: 'Allow', NotAction: ['kms:*', 'sqs:*'], Resource: '*' }] }).allowed,
    ).toBe(false);
    expect(ask({ identity: [{ Effect: 'Allow', Action: '*', NotResource: queue }] }).allowed).toBe(false);
    expect(ask({ identity: [{ Effect: 'Allow', Action: '*', NotResource: key }] }).allowed).toBe(true);
  });
});

// "Cross-account policy evaluation logic"
describe('between two accounts', () => {
  const elsewhere = queue.replace(account, '999999999999');
  const there = { Resource: elsewhere };
  const everything = [allow({ Resource: '*' })];

  it.each<[string, object[], object[], 'identity-based' | 'resource-based' | undefined]>([
    [
      'both allow it, the other account by naming ours',
      everything,
      [allow({ ...there, Principal: root })],
      undefined,
    ],
    [
      'both allow it, the other account by naming the role',
      everything,
      [allow({ ...there, Principal: { AWS: roleArn } })],
      undefined,
    ],
    ['only ours allows it', everything, [], 'resource-based'],
    [
      'only the other one allows it',
      [],
      [allow({ ...there, Principal: { AWS: roleArn } })],
      'identity-based',
    ],
    [
      'the other one names somebody else',
      everything,
      [allow({ ...there, Principal: { AWS: `${roleArn}-2` } })],
      'resource-based',
    ],
  ])('where %s', (_, identity, resource, missing) => {
    const decision = ask({ identity, resource }, { resource: elsewhere });
    expect(decision.allowed).toBe(missing === undefined);
    expect(decision).toMatchObject(missing === undefined ? {} : { because: 'no-allow', sort: missing });
  });

  it('a Deny of either side wins', () => {
    const admitted = allow({ ...there, Principal: root });
    expect(
      ask(
        { identity: everything, resource: [admitted, deny({ ...there, Principal: everybody })] },
        { resource: elsewhere },
      ),
    ).toMatchObject({ allowed: false, because: 'explicit-deny', sort: 'resource-based' });
  });
});

// "AWS JSON policy elements: Principal"
describe('a policy of a resource names', () => {
  it.each<[string, unknown, AccessRequest['principal'], boolean]>([
    ['everybody', '*', role, true],
    ['everybody', everybody, user, true],
    ['everybody, services too', everybody, service('sns'), true],
    ['the role of a session', { AWS: roleArn }, role, true],
    ['a session', { AWS: role.session }, role, true],
    ['another session', { AWS: `${role.session}-2` }, role, false],
    ['another role', { AWS: `${roleArn}-2` }, role, false],
    ['a user', { AWS: [roleArn, `arn:aws:iam::${account}:user/ada`] }, user, true],
    ['a role, and a user asks', { AWS: roleArn }, user, false],
    ['a service', { Service: 'events.amazonaws.com' }, service('events'), true],
    ['another service', { Service: 'events.amazonaws.com' }, service('sns'), false],
    ['a service, and a role asks', { Service: 'events.amazonaws.com' }, role, false],
    // "delegates authority to the account": its own policies still have to allow it
    ['the account', root, role, false],
    ['the account, and a service asks', root, service('events'), false],
  ])('%s: %j', (_, Principal, principal, expected) => {
    expect(ask({ resource: [allow({ Principal })] }, { principal }).allowed).toBe(expected);
  });

  it('an account that it denies with everybody in it', () => {
    expect(ask({ identity: [allow()], resource: [deny({ Principal: root })] })).toEqual(
      denied('resource-based', 'Resource[0]'),
    );
    expect(
      ask(
        { resource: [allow({ Principal: everybody }), deny({ Principal: root })] },
        { principal: service('sns') },
      ),
    ).toEqual(allowed('Resource[0]'));
  });

  it('a service, which has no policies of its own', () => {
    expect(ask({}, { principal: service('events') })).toEqual(noAllow('resource-based'));
  });

  // Amazon SQS, "Amazon SNS permissions": a wildcard with the ARN of the topic
  it('everybody on behalf of one source', () => {
    const Condition = { ArnEquals: { 'aws:SourceArn': `arn:aws:sns:eu-west-1:${account}:topic` } };
    const from = (arn: string) =>
      ask(
        { resource: [allow({ Principal: '*', Condition })] },
        { principal: service('sns'), context: new Map([['aws:SourceArn', arn]]) },
      ).allowed;
    expect(from(`arn:aws:sns:eu-west-1:${account}:topic`)).toBe(true);
    expect(from(`arn:aws:sns:eu-west-1:${account}:other`)).toBe(false);
  });
});

// AWS KMS, "Default key policy": "Without this permission, IAM policies that allow access to the key are ineffective, although IAM policies
// that deny access to the key are still effective"
describe('a key', () => {
  const use = { action: 'kms:Decrypt', resource: key };
  const own = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: key };
  const toAccount = { Effect: 'Allow', Principal: root, Action: 'kms:*', Resource: '*' };
  const asks = (identity: readonly object[], resource: readonly object[]) =>
    ask({ identity, resource, delegation: 'key-policy' }, use);

  it('is used by who is allowed to, once its own policy delegates to the account', () => {
    expect(asks([own], [toAccount])).toEqual(allowed('Identity[0]', 'Resource[0]'));
    expect(asks([own], [])).toEqual(noAllow('resource-based'));
    expect(asks([], [toAccount])).toEqual(noAllow('identity-based'));
  });

  it('delegates only what its policy says', () => {
    expect(asks([own], [{ ...toAccount, Action: 'kms:Describe*' }])).toEqual(noAllow('resource-based'));
    const Condition = { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' } };
    expect(asks([own], [{ ...toAccount, Condition }])).toEqual(noAllow('resource-based'));
  });

  it('is used by whom its policy names, without a policy of their own', () => {
    expect(asks([], [{ ...toAccount, Principal: { AWS: roleArn } }])).toEqual(allowed('Resource[0]'));
  });

  it('is not used by who is denied', () => {
    expect(asks([{ ...own, Effect: 'Deny' }], [{ ...toAccount, Principal: { AWS: roleArn } }])).toEqual(
      denied('identity-based', 'Identity[0]'),
    );
    expect(asks([own], [toAccount, { ...toAccount, Effect: 'Deny' }])).toEqual(
      denied('resource-based', 'Resource[1]'),
    );
  });

  it('and the trust of a role are the exceptions', () => {
    expect(delegationOf('kms:Decrypt')).toBe('key-policy');
    expect(delegationOf('sts:AssumeRole')).toBe('key-policy');
    expect(delegationOf('sqs:SendMessage')).toBe('account');
  });
});
