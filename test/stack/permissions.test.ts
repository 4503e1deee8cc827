import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../lib/wire/environment.ts';
import { policies, resourcesOf, type Statement, unbundledApp } from './unbundled.ts';

const template = Template.fromStack(unbundledApp().stack);
const everyPolicy = Object.entries(policies(template));
const ofFunctions = everyPolicy.filter(([id]) => !id.includes('Heartbeat'));
const ofHeartbeats = everyPolicy.filter(([id]) => id.includes('Heartbeat'));

const on = (statements: readonly Statement[], part: string) =>
  statements.filter(({ resources }) => resources.some((resource) => resource.includes(part)));
const allowed = (policy: string, part: string) => {
  const [, statements = []] = ofFunctions.find(([id]) => id.startsWith(policy)) ?? [];
  return on(statements, part)
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ actions }) => actions)
    .toSorted();
};

describe('every policy', () => {
  it('belongs to one function or one schedule', () => {
    expect(ofFunctions).toHaveLength(Object.keys(environmentOf).length);
    expect(ofHeartbeats).toHaveLength(8);
    for (const { Properties } of Object.values(resourcesOf(template, 'AWS::IAM::Role')))
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it.each(everyPolicy)('%s names no action by wildcard', (_, statements) => {
    expect(statements.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
  });

  it.each(everyPolicy)('%s allows everything only to X-Ray, which has no resources', (_, statements) => {
    const everywhere = statements.filter(({ resources }) => resources.includes('"*"'));
    expect(
      everywhere.flatMap(({ actions }) => actions).filter((action) => !action.startsWith('xray:Put')),
    ).toEqual([]);
  });

  it('lets the sealer alone sign, and by ES256 alone', () => {
    const signers = ofFunctions.flatMap(([id, statements]) =>
      statements
        .filter(({ actions }) => actions.includes('kms:Sign'))
        .map(({ conditions }) => [id, conditions]),
    );
    expect(signers).toEqual([
      [
        expect.stringMatching(/^SealLedger/),
        { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' } },
      ],
    ]);
  });

  it.each(everyPolicy)('%s uses the key of the data through a service only', (_, statements) => {
    for (const { conditions } of statements.filter(({ actions }) =>
      actions.some((a) => a.startsWith('kms:') && !/^kms:(Sign|GetPublicKey)$/.test(a)),
    ))
      expect(conditions).toHaveProperty(['StringEquals', 'kms:ViaService']);
  });

  it.each([
    ['secretsmanager', ['RotateSecret', 'WorkObligations', 'KeepKeys']],
    ['dynamodb', []],
  ])('has a key made through %s only where it writes there', (service, writers) => {
    const makers = ofFunctions.filter(([, statements]) =>
      on(statements, 'CustomerKey').some(
        ({ actions, conditions }) =>
          JSON.stringify(conditions).includes(`"${service}.`) && actions.includes('kms:GenerateDataKey'),
      ),
    );
    expect(makers.map(([id]) => id.replace(/Role.*$/, ''))).toEqual(writers);
  });

  it.each(everyPolicy)('%s uses the key of queues as it uses queues', (_, statements) => {
    const asked = (actions: string, of = statements) =>
      of.some((one) => one.effect === 'Allow' && one.actions.includes(actions));
    const throughSqs = on(statements, 'CustomerKey').filter(({ conditions }) =>
      JSON.stringify(conditions).includes('"sqs.'),
    );
    expect(asked('kms:GenerateDataKey', throughSqs)).toBe(asked('sqs:SendMessage'));
    expect(asked('kms:Decrypt', throughSqs)).toBe(asked('sqs:SendMessage') || asked('sqs:ReceiveMessage'));
  });

  it.each(everyPolicy)('%s sends events as rescind only', (_, statements) => {
    for (const { conditions } of statements.filter(({ actions }) => actions.includes('events:PutEvents')))
      expect(conditions).toEqual({
        'ForAllValues:StringEquals': { 'events:source': ['rescind'] },
        Null: { 'events:source': 'false' },
      });
  });
});

describe('the ledger', () => {
  it.each(ofFunctions)('cannot be updated or deleted under %s', (id, statements) => {
    const denied = on(statements, 'LedgerTable').filter(({ effect }) => effect === 'Deny');
    expect(denied.map(({ conditions }) => conditions)).toEqual([{}]);
    expect(denied.flatMap(({ actions }) => actions)).toEqual(
      expect.arrayContaining([
        'dynamodb:UpdateItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:PartiQLInsert',
        'dynamodb:PartiQLUpdate',
        'dynamodb:PartiQLDelete',
      ]),
    );
    // the sealer alone deletes, and markers alone
    const deletes = denied.some(({ actions }) => actions.includes('dynamodb:DeleteItem'));
    expect(deletes).toBe(!id.startsWith('SealLedger'));
  });

  it('is sealed by one function, which may touch no entry', () => {
    const sealer = ofFunctions.find(([id]) => id.startsWith('SealLedger'))?.[1] ?? [];
    const writes = on(sealer, 'LedgerTable').filter(
      ({ effect, actions }) => effect === 'Allow' && /Put|Delete/.test(actions.join()),
    );
    expect(writes.map(({ actions, conditions }) => [actions, conditions['ForAllValues:StringLike']])).toEqual(
      [
        [['dynamodb:PutItem'], { 'dynamodb:LeadingKeys': ['order#*', 'checkpoint#*', 'head'] }],
        [['dynamodb:DeleteItem'], { 'dynamodb:LeadingKeys': ['pending#*'] }],
      ],
    );
  });

  it('is read by what measures it, which writes nothing anywhere but its own failures', () => {
    const [, statements = []] = ofFunctions.find(([id]) => id.startsWith('MeasureDebts')) ?? [];
    expect(allowed('MeasureDebts', 'LedgerTable')).toEqual(['dynamodb:GetItem', 'dynamodb:Query']);
    const failures = [
      ...on(statements, 'FailedQueue'),
      ...statements.filter((one) => JSON.stringify(one.conditions).includes('"sqs.')),
    ];
    const allows = statements
      .filter((one) => one.effect === 'Allow' && !failures.includes(one))
      .flatMap(({ actions }) => actions);
    expect(new Set(allows.filter((action) => !/^(logs|xray):/.test(action)))).toEqual(
      new Set(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'kms:Decrypt']),
    );
  });

  it.each(ofFunctions.filter(([id]) => !/^(SealLedger|MeasureDebts)/.test(id)))(
    'takes entries inside transactions, and nothing else, under %s',
    (id, statements) => {
      const granted = on(statements, 'LedgerTable').filter(({ effect }) => effect === 'Allow');
      const appends = !/^(ChaseObligations|ReturnExhausted|SendEvents)/.test(id);
      expect(granted.map(({ actions, conditions }) => ({ actions, conditions }))).toEqual(
        appends
          ? [
              {
                actions: ['dynamodb:PutItem'],
                conditions: {
                  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['entry#*', 'pending#*'] },
                  Null: { 'dynamodb:LeadingKeys': 'false' },
                  StringEquals: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' },
                },
              },
            ]
          : [],
      );
    },
  );
});

describe('fences', () => {
  const may = (...actions: string[]) =>
    ofFunctions
      .filter(([, statements]) =>
        on(statements, 'FencesTable').some((one) => one.actions.some((action) => actions.includes(action))),
      )
      .map(([id]) => id);

  it('are written by operators, intake and expiry alone', () => {
    expect(may('dynamodb:PutItem')).toEqual([
      expect.stringMatching(/^Operate/),
      expect.stringMatching(/^TakeSignal/),
      expect.stringMatching(/^ExpireCredentials/),
    ]);
  });

  it('are changed through the operator’s door alone, which lifts holds, and deleted by nobody', () => {
    expect(may('dynamodb:UpdateItem')).toEqual([expect.stringMatching(/^Operate/)]);
    expect(may('dynamodb:DeleteItem')).toEqual([]);
  });
});

describe('secrets', () => {
  const writersOf = (part: string) =>
    ofFunctions
      .filter(([, statements]) =>
        on(statements, part).some(({ actions }) => actions.includes('secretsmanager:PutSecretValue')),
      )
      .map(([id]) => id);

  it('of handles and fingerprints are written by keep-keys alone', () => {
    for (const part of ['HandleKeySecret', 'FingerprintKeySecret'])
      expect(writersOf(part)).toEqual([expect.stringMatching(/^KeepKeys/)]);
  });

  it('of clients are written by the rotator, and a registration token by whoever changes a registration', () => {
    expect(writersOf('rescind/client/*/key-')).toEqual([expect.stringMatching(/^RotateSecret/)]);
    expect(writersOf('rescind/client/*/registration-')).toEqual([
      expect.stringMatching(/^RotateSecret/),
      expect.stringMatching(/^WorkObligations/),
    ]);
  });

  it('of clients are rotated by order of the sweep alone, which reads none of them', () => {
    expect(allowed('RotateDue', 'rescind/client/')).toEqual([
      'secretsmanager:DescribeSecret',
      'secretsmanager:RotateSecret',
    ]);
  });

  it('are in no reach of the operator’s door', () => {
    const [, statements = []] = ofFunctions.find(([id]) => id.startsWith('Operate')) ?? [];
    expect(
      statements.flatMap(({ actions }) => actions).filter((a) => a.startsWith('secretsmanager:')),
    ).toEqual([]);
  });

  it('of authorities are read by work-obligations alone', () => {
    const readers = ofFunctions.filter(([, statements]) => on(statements, 'rescind/authority/').length > 0);
    expect(readers.map(([id]) => id)).toEqual([expect.stringMatching(/^WorkObligations/)]);
    expect(allowed('WorkObligations', 'rescind/authority/')).toEqual(['secretsmanager:GetSecretValue']);
  });
});

describe('a sweep', () => {
  it('reads the index of what is due, and writes nothing', () => {
    expect(allowed('ChaseObligations', '/index/due')).toEqual(['dynamodb:Query']);
    // it also reads how authorities have been answering
    expect(allowed('ChaseObligations', 'CasesTable')).toEqual(['dynamodb:BatchGetItem', 'dynamodb:Query']);
  });

  it('is the only kind of reader of an index, with what measures it', () => {
    const readers = ofFunctions.filter(([, statements]) => on(statements, '/index/').length > 0);
    expect(readers.map(([id]) => id)).toEqual([
      expect.stringMatching(/^RotateDue/),
      expect.stringMatching(/^ExpireCredentials/),
      expect.stringMatching(/^ChaseObligations/),
      expect.stringMatching(/^MeasureDebts/),
    ]);
  });
});

describe('a failed message', () => {
  it('is brought back sooner by intake alone, and in Signals alone', () => {
    const may = ofFunctions.flatMap(([id, statements]) =>
      statements
        .filter(({ actions }) => actions.includes('sqs:ChangeMessageVisibility'))
        .map(({ actions, resources }) => [id, ...actions, ...resources]),
    );
    expect(may).toEqual([
      [
        expect.stringMatching(/^TakeSignal/),
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        expect.stringContaining('"SignalsQueue'),
      ],
    ]);
  });
});

describe('the return of what was exhausted', () => {
  it('takes messages from Exhausted, sends to Signals, leaves dead letters, and does nothing else', () => {
    const [, statements = []] = ofFunctions.find(([id]) => id.startsWith('ReturnExhausted')) ?? [];
    const own = statements.filter(
      ({ effect, actions }) => effect === 'Allow' && !/^(logs|xray|kms):/.test(actions.join()),
    );
    expect(own.map(({ actions, resources }) => [...actions, ...resources])).toEqual([
      ['sqs:SendMessage', expect.stringContaining('"FailedQueue'), expect.stringContaining('"SignalsQueue')],
      ['sqs:DeleteMessage', 'sqs:ReceiveMessage', expect.stringContaining('"ExhaustedQueue')],
    ]);
  });

  it('is nobody else’s: no other function sends to Signals, or takes from Exhausted', () => {
    const touching = (part: string) =>
      ofFunctions
        .filter(([, statements]) =>
          on(statements, part).some(({ actions }) => /Send|Delete/.test(actions.join())),
        )
        .map(([id]) => id);
    expect(touching('"ExhaustedQueue')).toEqual([expect.stringMatching(/^ReturnExhausted/)]);
    // intake drains it
    expect(touching('"SignalsQueue')).toEqual([
      expect.stringMatching(/^TakeSignal/),
      expect.stringMatching(/^ReturnExhausted/),
    ]);
    expect(allowed('TakeSignal', '"SignalsQueue')).not.toContain('sqs:SendMessage');
  });
});

describe('a schedule', () => {
  it.each(ofHeartbeats)('%s may invoke its own function and leave dead letters', (id, statements) => {
    const [construct = ''] = id.split('Heartbeat');
    const name = construct === 'Rotation' ? 'RotateDue' : construct;
    const own = statements.filter(({ actions }) => !actions.join().startsWith('kms:'));
    expect(own.map(({ actions, resources }) => [...actions, ...resources])).toEqual([
      ['lambda:InvokeFunction', expect.stringContaining(`"${name}Function`)],
      ['sqs:SendMessage', expect.stringContaining('"ExhaustedQueue')],
    ]);
  });
});

describe('the operator’s door', () => {
  it('is a URL that IAM guards, and no policy lets anybody else in', () => {
    const urls = Object.values(resourcesOf(template, 'AWS::Lambda::Url'));
    expect(urls.map(({ Properties }) => Properties?.['AuthType'])).toEqual(['AWS_IAM']);
    const principals = Object.values(resourcesOf(template, 'AWS::Lambda::Permission')).map(
      ({ Properties }) => Properties?.['Principal'] as unknown,
    );
    expect(principals).toEqual(['secretsmanager.amazonaws.com']);
  });
});

describe('an operator', () => {
  it('may invoke the function through its URL only: a direct event could name anybody', () => {
    const [policy] = Object.values(resourcesOf(template, 'AWS::IAM::ManagedPolicy'));
    const document = policy?.Properties['PolicyDocument'] as
      { Statement: readonly { Action: string; Condition: object }[] } | undefined;
    expect(document?.Statement.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      ['lambda:InvokeFunctionUrl', { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } }],
      ['lambda:InvokeFunction', { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }],
    ]);
  });
});

describe('the rotator', () => {
  it('is called by Secrets Manager, for this account', () => {
    const [permission] = Object.values(resourcesOf(template, 'AWS::Lambda::Permission'));
    expect(permission?.Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
  });
});
