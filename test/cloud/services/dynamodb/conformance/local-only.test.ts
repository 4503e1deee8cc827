import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change, Item } from '../dynamodb.ts';
import { casesTable, countAction, counting, Direct, key, putAction, refusalOf } from './direct.ts';

const minute = 60_000;

let direct: Direct;

beforeEach(async () => {
  direct = new Direct();
  await direct.dynamoDb.createTable(casesTable);
});

afterEach(async () => {
  await direct.close();
});

describe('onCommit', () => {
  it('tells of a transaction once, with both sides of each change', async () => {
    await direct.put({ ...key('old'), v: { N: '1' } });
    const told: { changes: readonly Change[]; operation: string }[] = [];
    direct.dynamoDb.onCommit((changes, call) => told.push({ changes, operation: call.operation }));
    await direct.transact([
      countAction('new'),
      { Delete: { TableName: 'Cases', Key: key('old') } },
      {
        ConditionCheck: {
          TableName: 'Cases',
          Key: key('x'),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ]);
    expect(told).toEqual([
      {
        operation: 'TransactWriteItems',
        changes: [
          { table: 'Cases', key: key('new'), before: undefined, after: { ...key('new'), n: { N: '1' } } },
          { table: 'Cases', key: key('old'), before: { ...key('old'), v: { N: '1' } }, after: undefined },
        ],
      },
    ]);
  });

  it('tells nothing of what was refused, and nothing after it was stopped', async () => {
    const told: unknown[] = [];
    const stop = direct.dynamoDb.onCommit((changes) => told.push(changes));
    const never = { ConditionExpression: 'attribute_exists(pk)' };
    await refusalOf(direct.put(key('a'), never));
    await refusalOf(direct.transact([putAction(key('b')), putAction(key('a'), never)]));
    expect(told).toEqual([]);
    stop();
    await direct.put(key('a'));
    expect(told).toEqual([]);
  });

  it('tells in the order in which the changes of an item follow each other', async () => {
    const steps: (readonly [string | undefined, string | undefined])[] = [];
    const count = (item: Item | undefined): string | undefined =>
      (item?.['n'] as { N: string } | undefined)?.N;
    direct.dynamoDb.onCommit((changes) =>
      steps.push(...changes.map((c) => [count(c.before), count(c.after)] as const)),
    );
    await Promise.all(Array.from({ length: 10 }, () => direct.send('UpdateItem', counting('a'))));
    expect(steps).toHaveLength(10);
    expect(steps.map(([before]) => before)).toEqual([
      undefined,
      ...steps.slice(0, -1).map(([, after]) => after),
    ]);
  });

  it('tells of each item of a batch on its own', async () => {
    const told: number[] = [];
    direct.dynamoDb.onCommit((changes) => told.push(changes.length));
    const entries = ['a', 'b'].map((pk) => ({ PutRequest: { Item: key(pk) } }));
    await direct.send('BatchWriteItem', { RequestItems: { Cases: entries } });
    expect(told).toEqual([1, 1]);
  });
});

describe('a request token', () => {
  it('is forgotten ten minutes of the world after its transaction', async () => {
    const token = { ClientRequestToken: randomUUID() };
    await direct.transact([countAction('a')], token);
    await direct.clock.advance(9 * minute);
    await direct.transact([countAction('a')], token);
    expect(await direct.dynamoDb.items('Cases')).toEqual([{ ...key('a'), n: { N: '1' } }]);
    await direct.clock.advance(minute);
    await direct.transact([countAction('a')], token);
    expect(await direct.dynamoDb.items('Cases')).toEqual([{ ...key('a'), n: { N: '2' } }]);
  });

  it('is in progress while its transaction runs', async () => {
    const token = { ClientRequestToken: randomUUID() };
    const running = direct.transact([countAction('a')], token);
    const refusal = await refusalOf(direct.transact([countAction('a')], token));
    expect(refusal.code).toMatch(/#TransactionInProgressException$/);
    await running;
  });
});

describe('setIndexLag', () => {
  it('shows an index entry only after the lag, and the item at once', async () => {
    direct.dynamoDb.setIndexLag(500);
    await direct.put({ ...key('a'), due: { S: 'today' } });
    await direct.transact([putAction({ ...key('b'), due: { S: 'today' } })]);
    const { Item: item } = await direct.onCases('GetItem', { Key: key('a'), ConsistentRead: true });
    expect(item).toEqual({ ...key('a'), due: { S: 'today' } });
    await direct.clock.advance(300);
    expect(await direct.dueAt('today')).toEqual([]);
    await direct.clock.advance(300);
    expect(await direct.dueAt('today')).toHaveLength(2);
  });

  it('keeps the order of commits when it is made shorter', async () => {
    direct.dynamoDb.setIndexLag(500);
    await direct.put({ ...key('a'), due: { S: 'today' } });
    direct.dynamoDb.setIndexLag(0);
    await direct.onCases('DeleteItem', { Key: key('a') });
    await direct.clock.advance(600);
    expect(await direct.dueAt('today')).toEqual([]);
  });

  it('brings nothing into a table that was made anew', async () => {
    direct.dynamoDb.setIndexLag(500);
    await direct.put({ ...key('a'), due: { S: 'today' } });
    await direct.onCases('DeleteTable', {});
    const names = async () => (await direct.send('ListTables', {}))['TableNames'];
    await expect.poll(names, { interval: 2 }).toEqual([]);
    await direct.dynamoDb.createTable(casesTable);
    await direct.clock.advance(600);
    expect(await direct.dueAt('today')).toEqual([]);
  });
});
