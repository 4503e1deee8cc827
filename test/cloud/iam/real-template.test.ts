import { describe, expect, it } from 'vitest';
import { actsOf, authorize } from './authorize.ts';
import { neededOnBehalf } from './needs/on-behalf.ts';
import type { Principal } from './language/principal.ts';
import { createRecord } from './record.ts';
import { neededFor } from './needs/requests.ts';
import {
  actsFor,
  by,
  customerKey,
  directory,
  functionOf,
  ledgerKey,
  outputs,
  policies,
  queue,
  rule,
  source,
  stack,
  tableName,
  verdict,
} from './real.ts';
import { place } from './stack.ts';
import { account } from './language/statements.ts';

const item = (pk: string, sk = 'x') => ({ pk: { S: pk }, sk: { S: sk } });
const inTable = (table: string, pk: string) => ({ TableName: tableName(table), Item: item(pk) });
const keyIn = (table: string, pk: string) => ({ TableName: tableName(table), Key: item(pk) });
const due = (table: string) => ({
  TableName: tableName(table),
  IndexName: 'due',
  KeyConditionExpression: 'dueShard = :s',
  ExpressionAttributeValues: { ':s': { S: '1' } },
});
const send = (name: string) => ({ QueueUrl: place.queueUrl(queue(name).name), MessageBody: 'x' });
const event = (Source: string) => ({
  Entries: [{ EventBusName: outputs['RescindBus'], Source, DetailType: 'x', Detail: '{}' }],
});
const transact = (...TransactItems: readonly object[]) => ({ TransactItems });

describe('the synthesized template', () => {
  it('is read without anything unknown, every policy of it', () => {
    const holders = ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::KMS::Key'];
    const others = ['AWS::SQS::QueuePolicy', 'AWS::Lambda::Permission', 'AWS::Events::EventBus'];
    const owners = [...holders, ...others]
      .flatMap((type) => stack.of(type))
      .map(({ logicalId }) => logicalId);
    expect(owners.length).toBeGreaterThan(40);
    const read = new Set(policies.statements.map(({ id }) => id.slice(0, id.indexOf('['))));
    expect(owners.filter((owner) => !read.has(owner))).toEqual([]);
    expect(policies.statements.length).toBeGreaterThan(150);
  });

  it('gives every statement an id of its own', () => {
    expect(() => createRecord(policies.statements)).not.toThrow();
  });
});

describe('the template lets', () => {
  it.each<[string, string, string, object]>([
    [
      'TakeSignal',
      'dynamodb',
      'TransactWriteItems',
      transact(
        { Put: inTable('Fences', 'consent#1') },
        { Put: inTable('Cases', 'case#1') },
        { Put: inTable('Ledger', 'entry#case#1') },
        { Put: inTable('Ledger', 'pending#3') },
        { ConditionCheck: keyIn('Registry', 'partner#1') },
      ),
    ],
    ['TakeSignal', 'secretsmanager', 'GetSecretValue', { SecretId: outputs['RescindFingerprintKeySecret'] }],
    ['TakeSignal', 'sqs', 'SendMessage', send('Rejected')],
    ['TakeSignal', 'sqs', 'SendMessageBatch', { ...send('Plans'), Entries: [] }],
    ['TakeSignal', 'events', 'PutEvents', event('rescind')],
    [
      'PlanCase',
      'dynamodb',
      'BatchGetItem',
      { RequestItems: { [tableName('Cases')]: { Keys: [item('a')] } } },
    ],
    ['WorkObligations', 'secretsmanager', 'GetSecretValue', { SecretId: 'rescind/authority/bank/client' }],
    ['WorkObligations', 'secretsmanager', 'PutSecretValue', { SecretId: 'rescind/client/acme/registration' }],
    ['ChaseObligations', 'dynamodb', 'Query', due('Cases')],
    [
      'RotateDue',
      'secretsmanager',
      'RotateSecret',
      { SecretId: 'rescind/client/acme/key', RotationLambdaARN: functionOf('RotateSecret').arn },
    ],
    ['RotateSecret', 'secretsmanager', 'UpdateSecretVersionStage', { SecretId: 'rescind/client/acme/key' }],
    ['SealLedger', 'dynamodb', 'PutItem', inTable('Ledger', 'checkpoint#8')],
    ['SealLedger', 'dynamodb', 'DeleteItem', keyIn('Ledger', 'pending#3')],
    [
      'SealLedger',
      'kms',
      'Sign',
      { KeyId: ledgerKey, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' },
    ],
    ['SealLedger', 'kms', 'GetPublicKey', { KeyId: ledgerKey }],
    ['SendEvents', 'dynamodb', 'DeleteItem', keyIn('Cases', 'outbox#1')],
    ['ReturnExhausted', 'sqs', 'DeleteMessageBatch', { ...send('Exhausted'), Entries: [] }],
    ['KeepKeys', 'secretsmanager', 'PutSecretValue', { SecretId: outputs['RescindHandleKeySecret'] }],
  ])('%s do %s:%s', (id, service, operation, input) => {
    expect(verdict(actsFor(id, service, operation, input))).toBe('allowed');
  });
});

describe('the template does not let', () => {
  it.each<[string, string, string, object, string]>([
    // an entry outside a transaction, an entry of another kind, a change, a batch
    ['TakeSignal', 'dynamodb', 'PutItem', inTable('Ledger', 'entry#case#1'), 'dynamodb:PutItem: no-allow'],
    [
      'TakeSignal',
      'dynamodb',
      'TransactWriteItems',
      transact({ Put: inTable('Ledger', 'order#0') }),
      'dynamodb:PutItem: no-allow',
    ],
    [
      'TakeSignal',
      'dynamodb',
      'TransactWriteItems',
      transact({ Update: keyIn('Ledger', 'entry#case#1') }),
      'dynamodb:UpdateItem: explicit-deny',
    ],
    [
      'Operate',
      'dynamodb',
      'BatchWriteItem',
      { RequestItems: { [tableName('Ledger')]: [{ PutRequest: { Item: item('entry#1') } }] } },
      'dynamodb:BatchWriteItem: explicit-deny',
    ],
    [
      'SealLedger',
      'dynamodb',
      'DeleteItem',
      keyIn('Ledger', 'entry#case#1'),
      'dynamodb:DeleteItem: no-allow',
    ],
    ['SealLedger', 'dynamodb', 'PutItem', inTable('Ledger', 'entry#case#1'), 'dynamodb:PutItem: no-allow'],
    // a fence lowered by who only reads it, a table swept by its index only
    [
      'PlanCase',
      'dynamodb',
      'PutItem',
      { TableName: tableName('Fences'), Item: { pk: { S: 'x' } } },
      'dynamodb:PutItem: no-allow',
    ],
    [
      'ChaseObligations',
      'dynamodb',
      'Query',
      { ...due('Cases'), IndexName: undefined },
      'dynamodb:Query: no-allow',
    ],
    ['TakeSignal', 'dynamodb', 'Scan', { TableName: tableName('Cases') }, 'dynamodb:Scan: no-allow'],
    // in another's name, to another's queue, another's secret
    ['TakeSignal', 'events', 'PutEvents', event('bank'), 'events:PutEvents: explicit-deny'],
    [
      'TakeSignal',
      'events',
      'PutEvents',
      { Entries: [{ EventBusName: outputs['RescindBus'], Detail: '{}' }] },
      'events:PutEvents: explicit-deny',
    ],
    ['TakeSignal', 'sqs', 'SendMessage', send('Obligations'), 'sqs:SendMessage: explicit-deny'],
    [
      'TakeSignal',
      'secretsmanager',
      'GetSecretValue',
      { SecretId: outputs['RescindHandleKeySecret'] },
      'secretsmanager:GetSecretValue: explicit-deny',
    ],
    [
      'RotateDue',
      'secretsmanager',
      'GetSecretValue',
      { SecretId: 'rescind/client/acme/key' },
      'secretsmanager:GetSecretValue: no-allow',
    ],
    // a secret that is not there: "access denied", not "not found"
    [
      'RotateSecret',
      'secretsmanager',
      'GetSecretValue',
      { SecretId: 'rescind/client/nobody/key' },
      'secretsmanager:GetSecretValue: no-allow',
    ],
    // another algorithm, another key, the key of the data by itself
    [
      'SealLedger',
      'kms',
      'Sign',
      { KeyId: ledgerKey, SigningAlgorithm: 'ECDSA_SHA_256' },
      'kms:Sign: no-allow',
    ],
    ['SealLedger', 'kms', 'Decrypt', { KeyId: customerKey }, 'kms:Decrypt: no-allow'],
    [
      'RotateDue',
      'lambda',
      'Invoke',
      { FunctionName: functionOf('Operate').name },
      'lambda:InvokeFunction: no-allow',
    ],
  ])('%s do %s:%s %j', (id, service, operation, input, expected) => {
    expect(verdict(actsFor(id, service, operation, input))).toBe(expected);
  });

  it('anybody use a table whose key they may not use', () => {
    const call = { service: 'dynamodb', operation: 'GetItem', input: keyIn('Cases', 'a') };
    const acts = actsOf(by('TakeSignal'), neededOnBehalf(call, directory));
    expect(acts.map(({ authorization }) => authorization.action)).toEqual(['kms:Decrypt']);
    const withoutKeys = { ...source, resourceOf: () => [] };
    expect(authorize(acts, withoutKeys)).toMatchObject([
      { decision: { allowed: false, because: 'no-allow', sort: 'resource-based' } },
    ]);
  });

  it('a call go on after the first thing that is refused', () => {
    const acts = actsFor(
      'TakeSignal',
      'dynamodb',
      'TransactWriteItems',
      transact({ Put: inTable('Ledger', 'order#0') }, { Put: inTable('Cases', 'a') }),
    );
    expect(acts.length).toBeGreaterThan(1);
    expect(rule(acts)).toHaveLength(1);
  });
});

describe('an operator', () => {
  const user: Principal = { kind: 'user', arn: `arn:aws:iam::${account}:user/ada` };
  const operators = {
    ...source,
    identityOf: () => policies.ofManagedPolicy(outputs['RescindOperatorsPolicy'] ?? ''),
  };
  const ask = (operation: string, FunctionName: string) => {
    const call = { service: 'lambda', operation, input: { FunctionName } };
    return authorize(actsOf(user, neededFor(call, directory)), operators).map(
      ({ decision }) => decision.allowed,
    );
  };

  it('with the policy that the stack makes comes in through the URL, and in no other way', () => {
    const { arn } = functionOf('Operate');
    expect(ask('InvokeFunctionUrl', arn)).toEqual([true, true]);
    expect(ask('Invoke', arn)).toEqual([false]);
    expect(ask('InvokeFunctionUrl', functionOf('TakeSignal').arn)).toEqual([false]);
  });
});
