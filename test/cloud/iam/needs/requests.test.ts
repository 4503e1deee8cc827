import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownOperations } from './requests.ts';
import { neededBy } from './requests/needed.ts';

describe('what nobody looked up', () => {
  it.each([
    ['dynamodb', 'ExecuteStatement'],
    ['sqs', 'StartMessageMoveTask'],
    ['secretsmanager', 'CreateSecret'],
    ['s3', 'GetObject'],
    ['dynamodb', 'constructor'],
  ])('%s:%s fails by its name', (service, operation) => {
    expect(() => neededBy(service, operation, {})).toThrow(
      `Nobody said what ${service}:${operation} needs of IAM.`,
    );
  });

  it.each<[string, string, object, string]>([
    [
      'dynamodb',
      'GetItem',
      { Key: { pk: { S: 'a' } } },
      'dynamodb:GetItem does not say what it needs of IAM (TableName: ',
    ],
    ['dynamodb', 'Query', { TableName: 'Cases', KeyConditions: {} }, '(KeyConditionExpression: '],
    ['dynamodb', 'TransactWriteItems', { TransactItems: [{ Get: {} }] }, '(TransactItems.0: '],
    ['kms', 'Decrypt', { CiphertextBlob: 'c2VjcmV0' }, '(KeyId: '],
  ])('of %s:%s %j fails, and says no value', (service, operation, input, words) => {
    expect(() => neededBy(service, operation, input)).toThrow(words);
    expect(() => neededBy(service, operation, input)).not.toThrow('c2VjcmV0');
  });
});

describe('every operation', () => {
  const services: Readonly<Record<string, string>> = {
    dynamodb: 'dynamodb',
    eventbridge: 'events',
    kms: 'kms',
    'secrets-manager': 'secretsmanager',
    sqs: 'sqs',
  };
  const root = new URL('../../../..', import.meta.url).pathname;
  const sources = ['lib/aws', 'lib/cli', 'test/story', 'functions'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, folder, file), 'utf8')),
  );
  const sent = sources.flatMap((source) =>
    [...source.matchAll(/import (?:type )?\{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)].flatMap(
      ([, names = '', client = '']) =>
        [...names.matchAll(/(\w+)Command\b/g)].map(
          ([, operation]) => `${services[client] ?? client}:${operation}`,
        ),
    ),
  );

  it.each([...new Set(sent)].toSorted())('that the project sends is in a table: %s', (operation) => {
    expect(knownOperations).toContain(operation);
  });

  it('was found: the project sends at least these', () => {
    expect(sent).toEqual(
      expect.arrayContaining([
        'dynamodb:TransactWriteItems',
        'events:PutEvents',
        'kms:Sign',
        'sqs:SendMessageBatch',
      ]),
    );
  });
});
