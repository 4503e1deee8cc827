import {
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { codesOf, freshKey, type Hand, number, refusalOf, text } from './hand.ts';

const emptyKey =
  'One or more parameter values are not valid. ' +
  'The AttributeValue for a key attribute cannot contain an empty string value. Key: pk';

export function conformLimits(hand: () => Hand): void {
  const puts = (count: number, bytes: number): readonly TransactWriteItem[] =>
    Array.from({ length: count }, () => hand().put({ ...freshKey(), pad: text('x'.repeat(bytes)) }));

  describe('limits of transactions', () => {
    it('takes 100 actions', async () => {
      const keys = Array.from({ length: 100 }, () => freshKey());
      await hand().transact(keys.map((key) => hand().put(key)));
      expect(await Promise.all(keys.map((key) => hand().read(key)))).toEqual(keys);
    });

    it('refuses 101 actions, and none', async () => {
      const many = await refusalOf(hand().transact(puts(101, 1)));
      expect(many.name).toBe('ValidationException');
      expect(many.message).toMatch(/Member must have length less than or equal to 100$/);
      const none = await refusalOf(hand().transact([]));
      expect(none.name).toBe('ValidationException');
      expect(none.message).toMatch(/Member must have length greater than or equal to 1$/);
    });

    it('takes 3.5 MB and refuses 4.2 MB', async () => {
      await hand().transact(puts(10, 350_000));
      expect((await refusalOf(hand().transact(puts(12, 350_000)))).name).toBe('ValidationException');
    });

    it('refuses two actions on one item', async () => {
      const key = freshKey();
      const refusal = await refusalOf(
        hand().transact([hand().add(key), hand().check(key, 'attribute_exists(pk)')]),
      );
      expect(refusal.name).toBe('ValidationException');
      expect(refusal.message).toBe('Transaction request cannot include multiple operations on one item');
    });

    it('cancels an update that grows an item beyond 400 KB', async () => {
      const key = freshKey();
      await hand().write({ ...key, half: text('x'.repeat(300_000)) });
      const grow: TransactWriteItem = {
        Update: {
          TableName: hand().table,
          Key: key,
          UpdateExpression: 'SET more = :more',
          ExpressionAttributeValues: { ':more': text('x'.repeat(200_000)) },
        },
      };
      const refusal = await refusalOf(hand().transact([grow]));
      expect(codesOf(refusal)).toEqual(['ValidationError']);
      expect(refusal.reasons[0]?.Message).toBe('Item size to update has exceeded the maximum allowed size');
    });

    it('refuses a get of 101 items', async () => {
      const TransactItems = Array.from({ length: 101 }, () => ({
        Get: { TableName: hand().table, Key: freshKey() },
      }));
      const refusal = await refusalOf(hand().client.send(new TransactGetItemsCommand({ TransactItems })));
      expect(refusal.name).toBe('ValidationException');
    });

    it('refuses a token of more than 36 characters', async () => {
      const refusal = await refusalOf(hand().transact([hand().add(freshKey())], 'x'.repeat(37)));
      expect(refusal.name).toBe('ValidationException');
      expect(refusal.message).toMatch(/Member must have length less than or equal to 36$/);
    });
  });

  describe('a call that is wrong in itself', () => {
    it('is refused before its conditions are looked at', async () => {
      const key = freshKey();
      await hand().write(key);
      const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
      const broken = { ConditionExpression: 'attribute_not_exists(' };
      const refusal = await refusalOf(
        hand().transact([hand().put(key, isNew), hand().put(freshKey(), broken)]),
      );
      expect(refusal.name).toBe('ValidationException');
      expect(refusal.message).toMatch(/^Invalid ConditionExpression: Syntax error/);
    });

    it('is refused when a value of an expression is not used', async () => {
      const spare = { ExpressionAttributeValues: { ':one': number(1), ':two': number(2) } };
      const refusal = await refusalOf(hand().transact([hand().add(freshKey(), spare)]));
      expect(refusal.name).toBe('ValidationException');
      expect(refusal.message).toBe(
        'Value provided in ExpressionAttributeValues unused in expressions: keys: {:two}',
      );
    });

    it('is refused for a table that is not there', async () => {
      const TableName = `${hand().table}-missing`;
      const refusal = await refusalOf(
        hand().transact([hand().put(freshKey()), { Put: { TableName, Item: freshKey() } }]),
      );
      expect(refusal.name).toBe('ResourceNotFoundException');
      expect(refusal.message).toBe('Requested resource not found');
    });

    it('is refused for an empty key, also inside a transaction', async () => {
      const key = { pk: text(''), sk: text('0') };
      const { client, table: TableName } = hand();
      const calls = [
        client.send(new PutItemCommand({ TableName, Item: key })),
        client.send(new GetItemCommand({ TableName, Key: key })),
        hand().transact([hand().put(key)]),
        hand().transact([hand().add(key)]),
        hand().transact([hand().remove(key)]),
      ];
      for (const call of calls) {
        const refusal = await refusalOf(call);
        expect(refusal.name).toBe('ValidationException');
        expect(refusal.message).toBe(emptyKey);
      }
    });

    it('is refused for an empty key of an index', async () => {
      const refusal = await refusalOf(hand().write({ ...freshKey(), kind: text('') }));
      expect(refusal.name).toBe('ValidationException');
      expect(refusal.message).toBe(
        'One or more parameter values are not valid. A value specified for a secondary index key is not' +
          ' supported. The AttributeValue for a key attribute cannot contain an empty string value.' +
          ' IndexName: by-kind, IndexKey: kind',
      );
    });

    it('is refused for an empty key of an index that an update sets, also inside a transaction', async () => {
      const update = {
        TableName: hand().table,
        Key: freshKey(),
        UpdateExpression: 'SET kind = :kind',
        ExpressionAttributeValues: { ':kind': text('') },
      };
      const single = await refusalOf(hand().client.send(new UpdateItemCommand(update)));
      const inside = await refusalOf(hand().transact([{ Update: update }]));
      for (const refusal of [single, inside]) {
        expect(refusal.name).toBe('ValidationException');
        expect(refusal.message).toMatch(/attempted to update a secondary index key to a value that is not/);
      }
    });

    it('is refused for a missing key, a key too many, and an item above 400 KB', async () => {
      const { client, table: TableName } = hand();
      const key = freshKey();
      const missing = await refusalOf(hand().write({ pk: key.pk }));
      expect(missing.message).toBe(
        'One or more parameter values were invalid: Missing the key sk in the item',
      );
      const extra = new GetItemCommand({ TableName, Key: { ...key, v: number(1) } });
      expect((await refusalOf(client.send(extra))).message).toBe(
        'The provided key element does not match the schema',
      );
      const large = await refusalOf(hand().write({ ...key, pad: text('x'.repeat(409_600)) }));
      expect(large.name).toBe('ValidationException');
      expect(large.message).toBe('Item size has exceeded the maximum allowed size');
    });

    it('takes an empty string outside of keys', async () => {
      const key = freshKey();
      await hand().write({ ...key, note: text('') });
      expect(await hand().read(key)).toEqual({ ...key, note: text('') });
    });
  });
}
