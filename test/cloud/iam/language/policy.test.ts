import { describe, expect, it } from 'vitest';
import { type PolicyKind, readPolicy } from './policy.ts';

const queue = 'arn:aws:sqs:eu-west-1:111122223333:plans';
const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue };
const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const read = (statement: object, kind: PolicyKind = 'identity') =>
  readPolicy(document(statement), kind, 'Owner');

describe('a statement', () => {
  it('is called by its owner and its Sid, or else its place', () => {
    const ids = readPolicy(document(send, { ...send, Sid: 'Two' }, send), 'identity', 'Owner').map(
      ({ id }) => id,
    );
    expect(ids).toEqual(['Owner[0]', 'Owner[Two]', 'Owner[2]']);
  });

  it('may stand alone, with one value where a list could be', () => {
    const alone = readPolicy({ Version: '2012-10-17', Id: 'x', Statement: send }, 'identity', 'Owner');
    expect(alone).toEqual([
      {
        id: 'Owner[0]',
        effect: 'Allow',
        actions: { kind: 'only', patterns: ['sqs:SendMessage'] },
        resources: { kind: 'only', patterns: [queue] },
        conditions: [],
      },
    ]);
  });

  it('may name everything but', () => {
    const [statement] = read({ Effect: 'Deny', NotAction: ['sqs:*'], NotResource: [queue] });
    expect(statement?.actions).toEqual({ kind: 'all-but', patterns: ['sqs:*'] });
    expect(statement?.resources).toEqual({ kind: 'all-but', patterns: [queue] });
  });

  it.each<[unknown, object[]]>([
    ['*', [{ kind: 'everybody' }]],
    [{ AWS: '*' }, [{ kind: 'everybody' }]],
    [{ AWS: '111122223333' }, [{ kind: 'account', account: '111122223333' }]],
    [{ AWS: 'arn:aws:iam::111122223333:root' }, [{ kind: 'account', account: '111122223333' }]],
    [
      { AWS: ['arn:aws:iam::111122223333:role/x/r', 'arn:aws:iam::111122223333:user/u'] },
      [
        { kind: 'arn', arn: 'arn:aws:iam::111122223333:role/x/r' },
        { kind: 'arn', arn: 'arn:aws:iam::111122223333:user/u' },
      ],
    ],
    [
      { AWS: 'arn:aws:sts::111122223333:assumed-role/r/s', Service: 'events.amazonaws.com' },
      [
        { kind: 'arn', arn: 'arn:aws:sts::111122223333:assumed-role/r/s' },
        { kind: 'service', name: 'events.amazonaws.com' },
      ],
    ],
  ])('of a resource is for %j', (Principal, principals) => {
    expect(read({ ...send, Principal }, 'resource')[0]?.principals).toEqual(principals);
  });

  it('takes numbers and booleans of a condition as text', () => {
    const Condition = { Bool: { 'aws:SecureTransport': false } };
    expect(read({ ...send, Condition })[0]?.conditions).toMatchObject([{ wanted: ['false'] }]);
  });
});

describe('a policy stops the start', () => {
  const forAll = { ...send, Principal: '*' };

  it.each<[string, unknown, PolicyKind, RegExp | string]>([
    ['of another version', { ...document(send), Version: '2008-10-17' }, 'identity', /Version/],
    ['without a version', { Statement: send }, 'identity', /Version/],
    ['without a statement', document(), 'identity', /Statement/],
    ['with a member that is not known', { ...document(send), Extra: 1 }, 'identity', 'Extra'],
    ['with NotPrincipal', document({ ...send, NotPrincipal: '*' }), 'resource', 'NotPrincipal'],
    ['with a misspelt element', document({ ...send, Ressource: '*' }), 'identity', 'Ressource'],
    ['with another effect', document({ ...send, Effect: 'allow' }), 'identity', 'Effect'],
    ['with an intrinsic left in it', document({ ...send, Resource: { Ref: 'Q' } }), 'identity', 'Resource'],
    [
      'with no action',
      document({ Effect: 'Allow', Resource: '*' }),
      'identity',
      'Action or NotAction has to be there',
    ],
    ['with two sorts of action', document({ ...send, NotAction: '*' }), 'identity', 'and not both'],
    [
      'with no resource',
      document({ Effect: 'Allow', Action: '*' }),
      'identity',
      'Resource or NotResource has to be there',
    ],
    [
      'with a wildcard for the service',
      document({ ...send, Action: 's*:Send' }),
      'identity',
      '"s*:Send" is no Action',
    ],
    [
      'with an action without service',
      document({ ...send, Action: 'SendMessage' }),
      'identity',
      'is no Action',
    ],
    ['with an empty resource', document({ ...send, Resource: '' }), 'identity', '"" is no Resource'],
    [
      'with a resource that is no ARN',
      document({ ...send, Resource: 'plans' }),
      'identity',
      '"plans" is no Resource',
    ],
    [
      'with a resource of any service',
      document({ ...send, Resource: 'arn:aws:*:::x' }),
      'identity',
      'is no Resource',
    ],
    [
      'with a policy variable',
      document({ ...send, Resource: `${queue}/\${aws:username}` }),
      'identity',
      'policy variables',
    ],
    ['of an identity for somebody', document(forAll), 'identity', 'a policy of an identity has no Principal'],
    ['of a resource for nobody', document(send), 'resource', 'a policy of a resource needs a Principal'],
    [
      'of a resource for an empty list',
      document({ ...send, Principal: {} }),
      'resource',
      'needs a Principal',
    ],
    ['for a federated user', document({ ...send, Principal: { Federated: 'x' } }), 'resource', 'Federated'],
    [
      'for a part of a name',
      document({ ...send, Principal: { AWS: 'arn:aws:iam::111122223333:role/*' } }),
      'resource',
      'is not known (known: accounts',
    ],
    [
      'for an id',
      document({ ...send, Principal: { AWS: 'AIDACKCEVSQ6C2EXAMPLE' } }),
      'resource',
      'AIDACKCEVSQ6C2EXAMPLE',
    ],
    [
      'for any service',
      document({ ...send, Principal: { Service: '*' } }),
      'resource',
      'the Service principal "*"',
    ],
    ['of trust with a resource', document(forAll), 'trust', 'has no Resource'],
    [
      'with two of one name',
      document({ ...send, Sid: 'A' }, { ...send, Sid: 'A' }),
      'identity',
      'two statements are called Owner[A]',
    ],
    [
      'with an operator that is not known',
      document({ ...send, Condition: { DateEquals: { 'aws:SourceArn': 'x' } } }),
      'identity',
      'Owner[0].Condition: the condition operator DateEquals',
    ],
    [
      'with an empty condition',
      document({ ...send, Condition: { Bool: {} } }),
      'identity',
      'an operator without a key',
    ],
    ['with an empty list', document({ ...send, Action: [] }), 'identity', 'Action'],
  ])('%s', (_, policy, kind, words) => {
    expect(() => readPolicy(policy, kind, 'Owner')).toThrow(words);
    expect(() => readPolicy(policy, kind, 'Owner')).toThrow(/^Owner/);
  });
});
