import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { casesTable, codesOf, countAction, counting, Direct, key, refusalOf } from './direct.ts';

let direct: Direct;

beforeEach(async () => {
  direct = new Direct();
  await direct.dynamoDb.createTable(casesTable);
});

afterEach(async () => {
  await direct.close();
});

describe('overlapping calls', () => {
  it('cancel the second transaction on an item, and say at which action', async () => {
    const first = direct.transact([countAction('a'), countAction('b')]);
    const refusal = await refusalOf(direct.transact([countAction('c'), countAction('b')]));
    expect(codesOf(refusal)).toEqual(['None', 'TransactionConflict']);
    await first;
    expect(await direct.dynamoDb.items('Cases')).toHaveLength(2);
  });

  it('refuse a single write on an item of a running transaction', async () => {
    const running = direct.transact([countAction('a')]);
    const refusals = await Promise.all([
      refusalOf(direct.put(key('a'))),
      refusalOf(direct.send('UpdateItem', counting('a'))),
      refusalOf(direct.onCases('DeleteItem', { Key: key('a') })),
    ]);
    for (const refusal of refusals) expect(refusal.code).toMatch(/#TransactionConflictException$/);
    await running;
    expect(await direct.dynamoDb.items('Cases')).toEqual([{ ...key('a'), n: { N: '1' } }]);
  });

  it('give back an item of a batch that a running transaction holds', async () => {
    const running = direct.transact([countAction('a')]);
    const entries = ['a', 'b'].map((pk) => ({ PutRequest: { Item: key(pk) } }));
    const { UnprocessedItems: left } = await direct.send('BatchWriteItem', {
      RequestItems: { Cases: entries },
    });
    expect(left).toEqual({ Cases: [entries[0]] });
    await running;
  });

  it('let a transaction wait for a single write that came first', async () => {
    await Promise.all([direct.send('UpdateItem', counting('a')), direct.transact([countAction('a')])]);
    expect(await direct.dynamoDb.items('Cases')).toEqual([{ ...key('a'), n: { N: '2' } }]);
  });

  it('cancel a transactional read of an item that is being written, and let a plain read pass', async () => {
    const get = { Get: { TableName: 'Cases', Key: key('a') } };
    for (const write of [() => direct.put(key('a')), () => direct.transact([countAction('a')])]) {
      const running = write();
      const plain = direct.onCases('GetItem', { Key: key('a'), ConsistentRead: true });
      const refusal = await refusalOf(direct.send('TransactGetItems', { TransactItems: [get] }));
      expect(codesOf(refusal)).toEqual(['TransactionConflict']);
      await Promise.all([running, plain]);
    }
  });

  it('let a write wait for a transactional read that came first', async () => {
    const pks = Array.from({ length: 30 }, (_, at) => `item-${at}`);
    const gets = pks.map((pk) => ({ Get: { TableName: 'Cases', Key: key(pk) } }));
    const order: string[] = [];
    const read = direct.send('TransactGetItems', { TransactItems: gets }).then((answer) => {
      order.push('read');
      return answer;
    });
    const write = direct.transact(pks.map(countAction)).then(() => order.push('write'));
    const [{ Responses: responses }] = await Promise.all([read, write]);
    expect(order).toEqual(['read', 'write']);
    expect(responses).toEqual(pks.map(() => ({})));
  });

  it('never show a part of a transaction, to whoever looks', async () => {
    const pks = ['a', 'b', 'c'];
    let running = true;
    const done = direct.transact(pks.map(countAction)).finally(() => {
      running = false;
    });
    const seen = new Set<number>();
    while (running) seen.add((await direct.dynamoDb.items('Cases')).length);
    await done;
    seen.add((await direct.dynamoDb.items('Cases')).length);
    expect([...seen]).toEqual([0, 3]);
  });

  it('never wait for each other in a circle', async () => {
    // transactional reads do not refuse each other, so they are what could wait in a circle
    const pairs = Array.from({ length: 30 }, (_, at) => (at % 2 === 0 ? ['a', 'b'] : ['b', 'a']));
    const gets = pairs.map((pair) => pair.map((pk) => ({ Get: { TableName: 'Cases', Key: key(pk) } })));
    const reads = gets.map((items) => direct.send('TransactGetItems', { TransactItems: items }));
    const write = direct.transact([countAction('b'), countAction('a')]);
    const answers = await Promise.all(reads);
    await write;
    expect(answers.map((answer) => answer['Responses'])).toEqual(pairs.map(() => [{}, {}]));
    expect(await direct.dynamoDb.items('Cases')).toHaveLength(2);
  });
});
