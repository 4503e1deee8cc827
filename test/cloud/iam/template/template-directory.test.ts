import { describe, expect, it } from 'vitest';
import { directoryOf } from './template-directory.ts';
import { place, stackOf } from '../stack.ts';
import { account, region } from '../language/statements.ts';

const key = `arn:aws:kms:${region}:${account}:key/k1`;
const schema = (...names: readonly string[]) =>
  names.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' }));

const directory = directoryOf(
  stackOf({
    Cases: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'Cases',
        KeySchema: schema('pk', 'sk'),
        GlobalSecondaryIndexes: [{ IndexName: 'due', KeySchema: schema('dueShard', 'dueAt') }],
        LocalSecondaryIndexes: [{ IndexName: 'late', KeySchema: schema('pk', 'late') }],
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/data' },
      },
    },
    Open: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { TableName: 'Open', KeySchema: schema('id'), SSESpecification: { SSEEnabled: true } },
    },
    Locked: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'locked', KmsMasterKeyId: key } },
    Plain: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'plain', SqsManagedSseEnabled: true } },
  }),
  place,
  {
    secret: (id) => (id === 'x' ? { arn: 'arn:x' } : undefined),
    keyArn: (id) => (id === 'alias/data' ? key : undefined),
  },
);

describe('the directory of a template', () => {
  it('knows the keys of a table and its indexes, and what encrypts it', () => {
    const cases = {
      arn: `arn:aws:dynamodb:${region}:${account}:table/Cases`,
      partitionKey: 'pk',
      indexes: new Map([
        ['due', 'dueShard'],
        ['late', 'pk'],
      ]),
      keyArn: key,
    };
    expect(directory.table('Cases')).toEqual(cases);
    expect(directory.table(cases.arn)).toEqual(cases);
  });

  it('names no key where it is one of AWS, and no table that is not there', () => {
    expect(directory.table('Open')).not.toHaveProperty('keyArn');
    expect(directory.table('Nothing')).toBeUndefined();
  });

  it('knows what encrypts a queue', () => {
    const queue = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
    expect(directory.keyOfQueue(queue('locked'))).toBe(key);
    expect(directory.keyOfQueue(queue('plain'))).toBeUndefined();
  });

  it('asks the world for what comes and goes', () => {
    expect(directory.secret('x')).toEqual({ arn: 'arn:x' });
    expect(directory.keyArn('alias/data')).toBe(key);
    expect(directory.keyArn('alias/none')).toBeUndefined();
  });
});
