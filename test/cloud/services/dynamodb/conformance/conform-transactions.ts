import { randomUUID } from 'node:crypto';
import { GetItemCommand, TransactGetItemsCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { codesOf, freshKey, type Hand, number, refusalOf, text } from './hand.ts';

const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };

export function conformTransactions(hand: () => Hand): void {
  describe('TransactWriteItems', () => {
    it('applies puts, updates, deletes and checks of two tables together', async () => {
      const { put, add, remove, check, other } = bound(hand());
      const [made, counted, gone, guard] = [freshKey(), freshKey(), freshKey(), freshKey()];
      await hand().write({ ...gone });
      await hand().write({ ...guard, open: { BOOL: true } });
      const elsewhere = { Put: { TableName: other, Item: { pk: made.pk } } };
      await hand().transact([
        put({ ...made, v: number(1) }, isNew),
        add(counted),
        remove(gone),
        check(guard, 'attribute_exists(pk)'),
        elsewhere,
      ]);
      expect(await hand().read(made)).toEqual({ ...made, v: number(1) });
      expect(await hand().read(counted)).toEqual({ ...counted, count: number(1) });
      expect(await hand().read(gone)).toBeUndefined();
      expect(await hand().read(guard)).toEqual({ ...guard, open: { BOOL: true } });
      const get = new GetItemCommand({ TableName: other, Key: { pk: made.pk }, ConsistentRead: true });
      expect((await hand().client.send(get)).Item).toEqual({ pk: made.pk });
    });

    it('applies nothing when one condition of many fails, and says which', async () => {
      const { put, add, remove } = bound(hand());
      const [one, two, three] = [freshKey(), freshKey(), freshKey()];
      await hand().write({ ...two, v: number(7) });
      await hand().write({ ...three });
      const refusal = await refusalOf(
        hand().transact([add(one), put({ ...two, v: number(8) }, isNew), remove(three)]),
      );
      expect(refusal.name).toBe('TransactionCanceledException');
      expect(refusal.message).toBe(
        'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
          '[None, ConditionalCheckFailed, None]',
      );
      expect(codesOf(refusal)).toEqual(['None', 'ConditionalCheckFailed', 'None']);
      expect(refusal.reasons[1]?.Message).toBe('The conditional request failed');
      expect(refusal.reasons[1]?.Item).toBeUndefined();
      expect(await hand().read(one)).toBeUndefined();
      expect(await hand().read(two)).toEqual({ ...two, v: number(7) });
      expect(await hand().read(three)).toEqual({ ...three });
    });

    it('gives a reason at the position of each action that failed', async () => {
      const { put, remove, check } = bound(hand());
      const [absent, fresh, present] = [freshKey(), freshKey(), freshKey()];
      await hand().write({ ...present, v: number(1) });
      const large = {
        ConditionExpression: 'v > :least',
        ExpressionAttributeValues: { ':least': number(100) },
      };
      const refusal = await refusalOf(
        hand().transact([check(absent, 'attribute_exists(pk)'), put(fresh), remove(present, large)]),
      );
      expect(codesOf(refusal)).toEqual(['ConditionalCheckFailed', 'None', 'ConditionalCheckFailed']);
    });

    it('returns the item that failed its condition where ALL_OLD asks for it', async () => {
      const { put, check } = bound(hand());
      const [one, two, absent] = [freshKey(), freshKey(), freshKey()];
      await hand().write({ ...one, v: number(1) });
      await hand().write({ ...two, v: number(2) });
      const old = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
      const refusal = await refusalOf(
        hand().transact([
          put(one, { ...isNew, ...old }),
          check(two, 'attribute_not_exists(pk)', old),
          check(absent, 'attribute_exists(pk)', old),
        ]),
      );
      expect(refusal.reasons.map((reason) => reason.Item)).toEqual([
        { ...one, v: number(1) },
        { ...two, v: number(2) },
        undefined,
      ]);
    });

    it('cancels with ValidationError for an operand of the wrong type', async () => {
      const { put, add } = bound(hand());
      const [wrong, fresh] = [freshKey(), freshKey()];
      await hand().write({ ...wrong, count: text('many') });
      const refusal = await refusalOf(hand().transact([put(fresh), add(wrong)]));
      expect(codesOf(refusal)).toEqual(['None', 'ValidationError']);
      expect(refusal.reasons[1]?.Message).toBe(
        'An operand in the update expression has an incorrect data type',
      );
      expect(await hand().read(fresh)).toBeUndefined();
    });

    it('cancels with ValidationError for a key of the wrong type, in the table or in an index', async () => {
      const { put, remove } = bound(hand());
      const key = freshKey();
      const refusal = await refusalOf(
        hand().transact([
          put({ ...key, pk: number(5) }),
          put({ ...freshKey(), kind: number(5) }),
          remove({ pk: key.pk }),
        ]),
      );
      expect(codesOf(refusal)).toEqual(['ValidationError', 'ValidationError', 'ValidationError']);
      expect(refusal.reasons.map((reason) => reason.Message)).toEqual([
        'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
        'One or more parameter values were invalid: ' +
          'Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind',
        'The provided key element does not match the schema',
      ]);
    });

    it('counts two write units for each item, and says reads and writes apart', async () => {
      const { put, check } = bound(hand());
      const guard = freshKey();
      await hand().write(guard);
      const { ConsumedCapacity: capacity } = await hand().client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            put({ ...freshKey(), pad: text('x'.repeat(1500)) }),
            check(guard, 'attribute_exists(pk)'),
          ],
          ReturnConsumedCapacity: 'TOTAL',
        }),
      );
      expect(capacity).toEqual([{ TableName: hand().table, CapacityUnits: 6, WriteCapacityUnits: 6 }]);
    });
  });

  describe('ClientRequestToken', () => {
    it('makes a repeated transaction succeed without applying it again', async () => {
      const { add } = bound(hand());
      const key = freshKey();
      const token = randomUUID();
      await hand().transact([add(key)], token);
      await hand().transact([add(key)], token);
      expect(await hand().read(key)).toEqual({ ...key, count: number(1) });
    });

    it('counts a repeated transaction as a transactional read', async () => {
      const { put } = bound(hand());
      const TransactItems = [put({ ...freshKey(), pad: text('x'.repeat(1500)) })];
      const input = { TransactItems, ClientRequestToken: randomUUID() };
      await hand().client.send(new TransactWriteItemsCommand(input));
      const again = new TransactWriteItemsCommand({ ...input, ReturnConsumedCapacity: 'TOTAL' });
      expect((await hand().client.send(again)).ConsumedCapacity).toEqual([
        { TableName: hand().table, CapacityUnits: 2, ReadCapacityUnits: 2 },
      ]);
    });

    it('is refused with another transaction', async () => {
      const { add } = bound(hand());
      const [one, two] = [freshKey(), freshKey()];
      const token = randomUUID();
      await hand().transact([add(one)], token);
      const refusal = await refusalOf(hand().transact([add(two)], token));
      expect(refusal.name).toBe('IdempotentParameterMismatchException');
      expect(await hand().read(two)).toBeUndefined();
    });

    it('of a cancelled transaction can be used again', async () => {
      const { put, remove } = bound(hand());
      const key = freshKey();
      const token = randomUUID();
      await hand().write(key);
      await refusalOf(hand().transact([put({ ...key, v: number(2) }, isNew)], token));
      await hand().transact([remove(key)]);
      await hand().transact([put({ ...key, v: number(2) }, isNew)], token);
      expect(await hand().read(key)).toEqual({ ...key, v: number(2) });
    });
  });

  describe('TransactGetItems', () => {
    it('answers in the order of the gets, with an empty answer for what is not there', async () => {
      const [one, two] = [freshKey(), freshKey()];
      await hand().write({ ...one, v: number(1) });
      await hand().write({ ...two, v: number(2) });
      const get = (Key: typeof one) => ({ Get: { TableName: hand().table, Key } });
      const { Responses: responses, ConsumedCapacity: capacity } = await hand().client.send(
        new TransactGetItemsCommand({
          TransactItems: [get(two), get(freshKey()), get(one)],
          ReturnConsumedCapacity: 'TOTAL',
        }),
      );
      expect(responses).toEqual([{ Item: { ...two, v: number(2) } }, {}, { Item: { ...one, v: number(1) } }]);
      expect(capacity).toEqual([{ TableName: hand().table, CapacityUnits: 6, ReadCapacityUnits: 6 }]);
    });
  });
}

/** The makers of actions as plain functions. */
function bound(hand: Hand) {
  return {
    put: hand.put.bind(hand),
    add: hand.add.bind(hand),
    remove: hand.remove.bind(hand),
    check: hand.check.bind(hand),
    other: hand.other,
  };
}
