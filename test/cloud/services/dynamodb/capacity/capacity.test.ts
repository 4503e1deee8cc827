import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Consumed, Item } from '../dynamodb.ts';
import { casesTable, Direct, key, putAction, refusalOf } from '../conformance/direct.ts';

let direct: Direct;

beforeEach(async () => {
  direct = new Direct();
  await direct.dynamoDb.createTable(casesTable);
});

afterEach(async () => {
  await direct.close();
});

describe('onConsumed', () => {
  it('tells of each call, with its caller, tables and indexes', async () => {
    const told: Consumed[] = [];
    direct.dynamoDb.onConsumed((consumed) => told.push(consumed));
    await direct.put({ ...key('a'), due: { S: 'today' } });
    await direct.dueAt('today');
    expect(told).toEqual([
      {
        operation: 'PutItem',
        caller: 'worker',
        readUnits: 0,
        writeUnits: 2,
        tables: {
          Cases: { readUnits: 0, writeUnits: 1, indexes: { 'by-due': { readUnits: 0, writeUnits: 1 } } },
        },
      },
      {
        operation: 'Query',
        caller: 'worker',
        readUnits: 0.5,
        writeUnits: 0,
        tables: {
          Cases: { readUnits: 0, writeUnits: 0, indexes: { 'by-due': { readUnits: 0.5, writeUnits: 0 } } },
        },
      },
    ]);
  });

  const pad = (bytes: number): Item => ({ pad: { S: 'x'.repeat(bytes) } });
  const never = { ConditionExpression: 'attribute_not_exists(pk)' };
  const get = (pk: string) => ({ Get: { TableName: 'Cases', Key: key(pk) } });
  const stored = { ...key('big'), ...pad(5000), due: { S: 'today' } };

  it.each<[string, () => Promise<unknown>, { read?: number; write?: number }]>([
    ['a read that finds nothing', () => direct.onCases('GetItem', { Key: key('no') }), { read: 0.5 }],
    ['a read of 5 KB', () => direct.onCases('GetItem', { Key: key('big') }), { read: 1 }],
    [
      'a consistent one',
      () => direct.onCases('GetItem', { Key: key('big'), ConsistentRead: true }),
      { read: 2 },
    ],
    [
      'a transactional one',
      () => direct.send('TransactGetItems', { TransactItems: [get('big')] }),
      { read: 4 },
    ],
    ['an empty query', () => direct.dueAt('never'), { read: 0.5 }],
    ['a consistent scan', () => direct.onCases('Scan', { ConsistentRead: true }), { read: 2 }],
    ['a batch of reads', () => batchGet(['big', 'no']), { read: 1.5 }],
    ['a change that no index sees', () => direct.put({ ...stored, ...pad(10) }), { write: 5 }],
    ['a change of the index key', () => direct.put({ ...stored, due: { S: 'now' } }), { write: 7 }],
    ['a deletion', () => direct.onCases('DeleteItem', { Key: key('big') }), { write: 6 }],
    ['a deletion of nothing', () => direct.onCases('DeleteItem', { Key: key('no') }), { write: 1 }],
    ['a transaction', () => direct.transact([putAction({ ...key('new'), ...pad(1500) })]), { write: 4 }],
    ['a failed condition', () => refusalOf(direct.put({ ...key('big'), ...pad(7000) }, never)), { write: 7 }],
    ['a failed condition on nothing', () => refusalOf(onNothing()), { write: 1 }],
    ['a cancelled transaction', () => refusalOf(cancelled()), { write: 6 }],
    ['a call that is wrong', () => refusalOf(direct.put({})), {}],
  ])('counts %s', async (_name, call, { read = 0, write = 0 }) => {
    await direct.put(stored);
    const told: Consumed[] = [];
    direct.dynamoDb.onConsumed((consumed) => told.push(consumed));
    await call();
    expect(told.map(({ readUnits, writeUnits }) => ({ readUnits, writeUnits }))).toEqual([
      { readUnits: read, writeUnits: write },
    ]);
  });

  const batchGet = (pks: readonly string[]) =>
    direct.send('BatchGetItem', { RequestItems: { Cases: { Keys: pks.map(key) } } });
  const onNothing = () =>
    direct.onCases('DeleteItem', { Key: key('no'), ConditionExpression: 'attribute_exists(pk)' });
  const cancelled = () => direct.transact([putAction(key('new')), putAction(key('big'), never)]);
});
