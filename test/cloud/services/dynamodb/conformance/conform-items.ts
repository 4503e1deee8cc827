import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { freshKey, type Hand, number, refusalOf, text } from './hand.ts';

export function conformItems(hand: () => Hand): void {
  const counting = (key: ReturnType<typeof freshKey>) => ({
    TableName: hand().table,
    Key: key,
    UpdateExpression: 'SET #count = if_not_exists(#count, :zero) + :one REMOVE gone',
    ExpressionAttributeNames: { '#count': 'count' },
    ExpressionAttributeValues: { ':zero': number(0), ':one': number(1) },
  });

  describe('single writes', () => {
    it('are read back at once by a consistent read', async () => {
      const key = freshKey();
      for (let round = 1; round <= 5; round += 1) {
        await hand().client.send(new UpdateItemCommand(counting(key)));
        expect(await hand().read(key)).toEqual({ ...key, count: number(round) });
      }
    });

    it('apply an update expression and return what was asked for', async () => {
      const key = freshKey();
      await hand().write({ ...key, gone: text('x'), kept: { L: [text('y'), { M: { z: number(1) } }] } });
      const { Attributes: after } = await hand().client.send(
        new UpdateItemCommand({ ...counting(key), ReturnValues: 'ALL_NEW' }),
      );
      expect(after).toEqual({ ...key, count: number(1), kept: { L: [text('y'), { M: { z: number(1) } }] } });
      const gone = new DeleteItemCommand({ TableName: hand().table, Key: key, ReturnValues: 'ALL_OLD' });
      expect((await hand().client.send(gone)).Attributes).toEqual(after);
    });

    it('lose no update when they overlap', async () => {
      const key = freshKey();
      const update = () => hand().client.send(new UpdateItemCommand(counting(key)));
      await Promise.all(Array.from({ length: 20 }, update));
      expect(await hand().read(key)).toEqual({ ...key, count: number(20) });
    });

    it('let one of many win the creation of an item', async () => {
      const key = freshKey();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, (_, worker) =>
          hand().client.send(
            new PutItemCommand({
              TableName: hand().table,
              Item: { ...key, worker: number(worker) },
              ConditionExpression: 'attribute_not_exists(pk)',
            }),
          ),
        ),
      );
      const won = outcomes.flatMap(({ status }, worker) => (status === 'fulfilled' ? [worker] : []));
      expect(won).toHaveLength(1);
      expect(await hand().read(key)).toEqual({ ...key, worker: number(won[0] ?? -1) });
    });

    it('return the item that failed its condition where ALL_OLD asks for it', async () => {
      const { client, table: TableName } = hand();
      const key = freshKey();
      await hand().write({ ...key, v: number(1) });
      const old = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
      const never = {
        ConditionExpression: 'v = :v',
        ExpressionAttributeValues: { ':v': number(9) },
      };
      const update = {
        UpdateExpression: 'SET w = :v',
      };
      const calls = [
        client.send(new PutItemCommand({ TableName, Item: key, ...never, ...old })),
        client.send(new UpdateItemCommand({ TableName, Key: key, ...update, ...never, ...old })),
        client.send(new DeleteItemCommand({ TableName, Key: key, ...never, ...old })),
      ];
      for (const call of calls) {
        const refusal = await refusalOf(call);
        expect(refusal.name).toBe('ConditionalCheckFailedException');
        expect(refusal.message).toBe('The conditional request failed');
        expect(refusal.item).toEqual({ ...key, v: number(1) });
      }
      const silent = client.send(new PutItemCommand({ TableName, Item: key, ...never }));
      expect((await refusalOf(silent)).item).toBeUndefined();
    });

    it('count write units by the larger of the item before and after', async () => {
      const key = freshKey();
      const put = (bytes: number) =>
        hand().client.send(
          new PutItemCommand({
            TableName: hand().table,
            Item: { ...key, pad: text('x'.repeat(bytes)) },
            ReturnConsumedCapacity: 'TOTAL',
          }),
        );
      const units: unknown[] = [];
      for (const bytes of [10, 2500, 10]) units.push((await put(bytes)).ConsumedCapacity?.CapacityUnits);
      expect(units).toEqual([1, 3, 3]);
    });
  });

  describe('reads', () => {
    it('cost half a unit for 4 KB, a whole one when consistent', async () => {
      const key = freshKey();
      await hand().write({ ...key, pad: text('x'.repeat(5000)) });
      const read = async (ConsistentRead: boolean) => {
        const input = { TableName: hand().table, Key: key, ConsistentRead };
        const get = new GetItemCommand({ ...input, ReturnConsumedCapacity: 'TOTAL' });
        return (await hand().client.send(get)).ConsumedCapacity?.CapacityUnits;
      };
      expect([await read(false), await read(true)]).toEqual([1, 2]);
    });

    it('project what is asked for', async () => {
      const key = freshKey();
      await hand().write({ ...key, a: { M: { b: number(1), c: number(2) } }, d: number(3) });
      const get = new GetItemCommand({
        TableName: hand().table,
        Key: key,
        ProjectionExpression: 'a.b, d',
        ConsistentRead: true,
      });
      expect((await hand().client.send(get)).Item).toEqual({ a: { M: { b: number(1) } }, d: number(3) });
    });
  });

  describe('batches', () => {
    it('write and read many items, and leave out what is not there', async () => {
      const { client, table } = hand();
      const keys = Array.from({ length: 25 }, () => freshKey('batch'));
      const written = await client.send(
        new BatchWriteItemCommand({
          RequestItems: { [table]: keys.map((key) => ({ PutRequest: { Item: { ...key, v: number(1) } } })) },
        }),
      );
      expect(written.UnprocessedItems).toEqual({});
      const { Responses: responses, UnprocessedKeys: unprocessed } = await client.send(
        new BatchGetItemCommand({
          RequestItems: { [table]: { Keys: [...keys, freshKey()], ConsistentRead: true } },
        }),
      );
      expect(unprocessed).toEqual({});
      const found = responses?.[table] ?? [];
      expect(found).toHaveLength(keys.length);
      expect(found).toEqual(expect.arrayContaining(keys.map((key) => ({ ...key, v: number(1) }))));
    });

    it('are refused whole for an item that is named twice', async () => {
      const { client, table } = hand();
      const [key, fresh] = [freshKey(), freshKey()];
      const put = (Item: typeof key) => ({ PutRequest: { Item } });
      const write = new BatchWriteItemCommand({
        RequestItems: { [table]: [put(fresh), put(key), { DeleteRequest: { Key: key } }] },
      });
      const refusal = await refusalOf(client.send(write));
      expect(refusal.name).toBe('ValidationException');
      expect(refusal.message).toBe('Provided list of item keys contains duplicates');
      expect(await hand().read(fresh)).toBeUndefined();
    });
  });
}
