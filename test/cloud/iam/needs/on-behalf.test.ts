import { describe, expect, it } from 'vitest';
import { neededOnBehalf } from './on-behalf.ts';
import { customerKey, directory, lockedQueue, queueUrl, rotator, secretArn } from '../directory.ts';
import { account, region } from '../language/statements.ts';

const asked = (service: string, operation: string, input: object) =>
  neededOnBehalf({ service, operation, input }, directory).map(({ action, resource, context, via }) => ({
    action,
    resource,
    via,
    context: Object.fromEntries(context),
  }));
const through = (service: string, action: string, encryptionContext: object) => ({
  action,
  resource: customerKey,
  via: service,
  context: {
    'kms:CallerAccount': account,
    'kms:ViaService': `${service}.${region}.amazonaws.com`,
    'aws:ViaAWSService': 'true',
    'aws:CalledVia': [`${service}.amazonaws.com`],
    ...encryptionContext,
  },
});
const key = { pk: { S: 'a' } };

describe('a table under the customer key', () => {
  const decrypt = through('dynamodb', 'kms:Decrypt', {
    'kms:EncryptionContext:aws:dynamodb:tableName': 'Cases',
    'kms:EncryptionContext:aws:dynamodb:subscriberId': account,
  });

  it.each<[string, object]>([
    ['GetItem', { TableName: 'Cases', Key: key }],
    ['PutItem', { TableName: 'Cases', Item: key }],
    ['UpdateItem', { TableName: 'Cases', Key: key }],
    ['DeleteItem', { TableName: 'Cases', Key: key }],
    ['BatchGetItem', { RequestItems: { Cases: { Keys: [key] } } }],
    ['BatchWriteItem', { RequestItems: { Cases: [{ PutRequest: { Item: key } }] } }],
    ['Query', { TableName: 'Cases', IndexName: 'due', KeyConditionExpression: 'dueShard = :s' }],
    ['Scan', { TableName: 'Cases' }],
    ['TransactGetItems', { TransactItems: [{ Get: { TableName: 'Cases', Key: key } }] }],
  ])('is read and written by who may decrypt through DynamoDB: %s %j', (operation, input) => {
    expect(asked('dynamodb', operation, input)).toEqual([decrypt]);
  });

  it('is asked about once in a transaction, and the table under a key of AWS is not', () => {
    const TransactItems = [
      { Put: { TableName: 'Cases', Item: key } },
      { Delete: { TableName: 'Cases', Key: key } },
      { Put: { TableName: 'Open', Item: { number: { N: '1' } } } },
    ];
    expect(asked('dynamodb', 'TransactWriteItems', { TransactItems })).toEqual([decrypt]);
  });
});

describe('a secret under the customer key', () => {
  const context = { 'kms:EncryptionContext:SecretARN': secretArn };
  const SecretId = 'rescind/client/acme/key';

  it('is read by who may decrypt, and written by who may make data keys too', () => {
    expect(asked('secretsmanager', 'GetSecretValue', { SecretId })).toEqual([
      through('secretsmanager', 'kms:Decrypt', context),
    ]);
    expect(asked('secretsmanager', 'PutSecretValue', { SecretId })).toEqual([
      through('secretsmanager', 'kms:GenerateDataKey', context),
      through('secretsmanager', 'kms:Decrypt', context),
    ]);
  });

  it.each([
    ['GetSecretValue', { SecretId: 'plain' }],
    ['GetSecretValue', { SecretId: 'not-there' }],
    ['DescribeSecret', { SecretId }],
    ['UpdateSecretVersionStage', { SecretId }],
  ])('is not asked about for %s of %j', (operation, input) => {
    expect(asked('secretsmanager', operation, input)).toEqual([]);
  });

  it.each([
    [{ SecretId }, rotator],
    [{ SecretId: 'plain', RotationLambdaARN: `${rotator}-2` }, `${rotator}-2`],
  ])('is rotated by who may invoke the function: %j', (input, resource) => {
    expect(asked('secretsmanager', 'RotateSecret', input)).toMatchObject([
      { action: 'lambda:InvokeFunction', resource, via: 'secretsmanager' },
    ]);
  });

  it('is asked no function for where there is none', () => {
    expect(asked('secretsmanager', 'RotateSecret', { SecretId: 'plain' })).toEqual([]);
  });
});

describe('a queue under the customer key', () => {
  const context = { 'kms:EncryptionContext:aws:sqs:arn': lockedQueue };
  const input = { QueueUrl: queueUrl('locked') };

  it.each([
    ['SendMessage', ['kms:GenerateDataKey', 'kms:Decrypt']],
    ['SendMessageBatch', ['kms:GenerateDataKey', 'kms:Decrypt']],
    ['ReceiveMessage', ['kms:Decrypt']],
    ['DeleteMessage', []],
  ])('asks for %s: %j', (operation, actions) => {
    expect(asked('sqs', operation, input)).toEqual(actions.map((action) => through('sqs', action, context)));
  });

  it('asks for nothing where SQS has keys of its own', () => {
    expect(asked('sqs', 'SendMessage', { QueueUrl: queueUrl('plans') })).toEqual([]);
  });
});
