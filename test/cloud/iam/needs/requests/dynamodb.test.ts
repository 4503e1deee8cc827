import { describe, expect, it } from 'vitest';
import { casesTable, openTable } from '../../directory.ts';
import { neededBy } from './needed.ts';
import { account, region } from '../../language/statements.ts';

const pk = (value: string) => ({ pk: { S: value }, sk: { S: 'x' } });
const leading = (...values: readonly string[]) => ({ 'dynamodb:LeadingKeys': values });

describe('DynamoDB asks', () => {
  it.each<[string, object, string]>([
    ['GetItem', { TableName: 'Cases', Key: pk('case#1') }, 'dynamodb:GetItem'],
    ['PutItem', { TableName: 'Cases', Item: { ...pk('case#1'), more: { N: '1' } } }, 'dynamodb:PutItem'],
    ['UpdateItem', { TableName: casesTable, Key: pk('case#1') }, 'dynamodb:UpdateItem'],
    ['DeleteItem', { TableName: 'Cases', Key: pk('case#1') }, 'dynamodb:DeleteItem'],
  ])('for %s of %j', (operation, input, action) => {
    expect(neededBy('dynamodb', operation, input)).toEqual([
      { action, resource: casesTable, context: leading('case#1') },
    ]);
  });

  it('with a number as the leading key, as text', () => {
    const [one] = neededBy('dynamodb', 'GetItem', { TableName: 'Open', Key: { number: { N: '7' } } });
    expect(one).toEqual({ action: 'dynamodb:GetItem', resource: openTable, context: leading('7') });
  });

  it('for a table that is not there, without leading keys', () => {
    const [one] = neededBy('dynamodb', 'GetItem', { TableName: 'Nothing', Key: pk('a') });
    expect(one?.resource).toBe(`arn:aws:dynamodb:${region}:${account}:table/Nothing`);
    expect(one?.context).toEqual({});
  });

  it('once for each table of a batch, with all its keys', () => {
    const RequestItems = {
      Cases: { Keys: [pk('a'), pk('b'), pk('a')] },
      Open: { Keys: [{ number: { N: '1' } }] },
    };
    expect(neededBy('dynamodb', 'BatchGetItem', { RequestItems })).toEqual([
      { action: 'dynamodb:BatchGetItem', resource: casesTable, context: leading('a', 'b') },
      { action: 'dynamodb:BatchGetItem', resource: openTable, context: leading('1') },
    ]);
    const writes = { Cases: [{ PutRequest: { Item: pk('a') } }, { DeleteRequest: { Key: pk('c') } }] };
    expect(neededBy('dynamodb', 'BatchWriteItem', { RequestItems: writes })).toEqual([
      { action: 'dynamodb:BatchWriteItem', resource: casesTable, context: leading('a', 'c') },
    ]);
  });

  // "Using IAM with DynamoDB transactions"
  it('for each part of a transaction what that part alone needs, and says that it is in one', () => {
    const TransactItems = [
      { Put: { TableName: 'Cases', Item: pk('a'), ConditionExpression: 'x' } },
      { Update: { TableName: 'Cases', Key: pk('b'), UpdateExpression: 'x' } },
      { Delete: { TableName: 'Open', Key: { number: { N: '1' } } } },
      { ConditionCheck: { TableName: 'Cases', Key: pk('c'), ConditionExpression: 'x' } },
    ];
    const enclosed = { 'dynamodb:EnclosingOperation': 'TransactWriteItems' };
    expect(neededBy('dynamodb', 'TransactWriteItems', { TransactItems })).toEqual([
      { action: 'dynamodb:PutItem', resource: casesTable, context: { ...leading('a'), ...enclosed } },
      { action: 'dynamodb:UpdateItem', resource: casesTable, context: { ...leading('b'), ...enclosed } },
      { action: 'dynamodb:DeleteItem', resource: openTable, context: { ...leading('1'), ...enclosed } },
      {
        action: 'dynamodb:ConditionCheckItem',
        resource: casesTable,
        context: { ...leading('c'), ...enclosed },
      },
    ]);
    const reads = { TransactItems: [{ Get: { TableName: 'Cases', Key: pk('a') } }] };
    expect(neededBy('dynamodb', 'TransactGetItems', reads)).toEqual([
      {
        action: 'dynamodb:GetItem',
        resource: casesTable,
        context: { ...leading('a'), 'dynamodb:EnclosingOperation': 'TransactGetItems' },
      },
    ]);
  });

  it.each<[string, object, string, object]>([
    [
      'the table, by its partition key',
      {
        KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :sk)',
        ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
        ExpressionAttributeValues: { ':pk': { S: 'pending#1' }, ':sk': { S: 'a' } },
      },
      casesTable,
      leading('pending#1'),
    ],
    [
      'the table, with names spelled out, the sort key first',
      {
        KeyConditionExpression: 'sk = :sk and pk=:pk',
        ExpressionAttributeValues: { ':pk': { S: 'a' }, ':sk': { S: 'b' } },
      },
      casesTable,
      leading('a'),
    ],
    [
      'an index, by its own partition key',
      {
        IndexName: 'due',
        KeyConditionExpression: '#dueShard = :shard AND #dueAt <= :never',
        ExpressionAttributeNames: { '#dueShard': 'dueShard', '#dueAt': 'dueAt' },
        ExpressionAttributeValues: { ':shard': { S: '3' }, ':never': { S: '9' } },
      },
      `${casesTable}/index/due`,
      leading('3'),
    ],
    [
      'an index that is not there',
      {
        IndexName: 'none',
        KeyConditionExpression: 'a = :a',
        ExpressionAttributeValues: { ':a': { S: '1' } },
      },
      `${casesTable}/index/none`,
      {},
    ],
  ])('for a Query of %s', (_, input, resource, context) => {
    expect(neededBy('dynamodb', 'Query', { TableName: 'Cases', ...input })).toEqual([
      { action: 'dynamodb:Query', resource, context },
    ]);
  });

  it('for a Scan of a table or an index, which has no leading keys', () => {
    expect(neededBy('dynamodb', 'Scan', { TableName: 'Cases' })).toEqual([
      { action: 'dynamodb:Scan', resource: casesTable, context: {} },
    ]);
    const [index] = neededBy('dynamodb', 'Scan', { TableName: 'Cases', IndexName: 'due' });
    expect(index?.resource).toBe(`${casesTable}/index/due`);
  });
});
