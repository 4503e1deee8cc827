import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { eventually, freshKey, type Hand, number, refusalOf, text } from './hand.ts';

type Item = Record<string, AttributeValue>;

export function conformIndexes(hand: () => Hand): void {
  const query = async (input: Omit<QueryCommandInput, 'TableName'>) =>
    hand().client.send(new QueryCommand({ TableName: hand().table, ...input }));

  const dueIn = async (lane: string, rest: object = {}): Promise<readonly Item[]> => {
    const { Items: items } = await query({
      IndexName: 'by-due',
      KeyConditionExpression: 'lane = :lane',
      ExpressionAttributeValues: { ':lane': text(lane) },
      ...rest,
    });
    return items ?? [];
  };

  const ofKind = async (kind: string, rest: object = {}): Promise<readonly Item[]> => {
    const { Items: items } = await query({
      IndexName: 'by-kind',
      KeyConditionExpression: 'kind = :kind',
      ExpressionAttributeValues: { ':kind': text(kind) },
      ...rest,
    });
    return items ?? [];
  };

  describe('global indexes', () => {
    it('are sparse: an item is in them while it has their key', async () => {
      const lane = randomUUID();
      const [one, two] = [freshKey(), freshKey()];
      await hand().write({ ...one, lane: text(lane), due: number(2) });
      await hand().write({ ...two, lane: text(lane) });
      expect(
        await eventually(
          () => dueIn(lane),
          ({ length }) => length === 1,
        ),
      ).toEqual([{ ...one, lane: text(lane), due: number(2) }]);
      const update = { TableName: hand().table, Key: one, UpdateExpression: 'REMOVE due' };
      await hand().client.send(new UpdateItemCommand(update));
      expect(
        await eventually(
          () => dueIn(lane),
          ({ length }) => length === 0,
        ),
      ).toEqual([]);
    });

    it('follow a transaction, in the order of their sort key', async () => {
      const lane = randomUUID();
      const keys = [30, 4, -5, 100].map((due) => ({ ...freshKey(), due: number(due) }));
      await hand().transact(keys.map((key) => hand().put({ ...key, lane: text(lane) })));
      const seen = await eventually(
        () => dueIn(lane),
        ({ length }) => length === 4,
      );
      expect(seen.map((item) => item['due']?.N)).toEqual(['-5', '4', '30', '100']);
      const early = await dueIn(lane, {
        KeyConditionExpression: 'lane = :lane AND due <= :now',
        ExpressionAttributeValues: { ':lane': text(lane), ':now': number(30) },
      });
      expect(early.map((item) => item['due']?.N)).toEqual(['-5', '4', '30']);
      const last = await dueIn(lane, { ScanIndexForward: false, Limit: 1 });
      expect(last.map((item) => item['due']?.N)).toEqual(['100']);
    });

    it('move an item whose index key changes', async () => {
      const [before, after] = [randomUUID(), randomUUID()];
      const key = freshKey();
      await hand().write({ ...key, lane: text(before), due: number(1) });
      await hand().write({ ...key, lane: text(after), due: number(1) });
      expect(
        await eventually(
          () => dueIn(after),
          ({ length }) => length === 1,
        ),
      ).toHaveLength(1);
      expect(
        await eventually(
          () => dueIn(before),
          ({ length }) => length === 0,
        ),
      ).toEqual([]);
    });

    it('with KEYS_ONLY hold keys only, and refuse to project more', async () => {
      const kind = randomUUID();
      const key = freshKey();
      await hand().write({ ...key, kind: text(kind), v: number(1) });
      const seen = await eventually(
        () => ofKind(kind),
        ({ length }) => length === 1,
      );
      expect(seen).toEqual([{ ...key, kind: text(kind) }]);
      const refusal = await refusalOf(ofKind(kind, { ProjectionExpression: 'pk, v' }));
      expect(refusal.name).toBe('ValidationException');
      expect(refusal.message).toBe(
        'One or more parameter values were invalid: Global secondary index by-kind does not project [v]',
      );
    });

    it('refuse a consistent read', async () => {
      const refusal = await refusalOf(ofKind(randomUUID(), { ConsistentRead: true }));
      expect(refusal.name).toBe('ValidationException');
      expect(refusal.message).toBe('Consistent reads are not supported on global secondary indexes');
    });

    it('cost a write where a projected attribute changes, two where their key changes', async () => {
      const key = freshKey();
      const put = async (item: Item): Promise<object | undefined> => {
        const { ConsumedCapacity: capacity } = await hand().client.send(
          new PutItemCommand({
            TableName: hand().table,
            Item: { ...key, ...item },
            ReturnConsumedCapacity: 'INDEXES',
          }),
        );
        return { total: capacity?.CapacityUnits, indexes: capacity?.GlobalSecondaryIndexes };
      };
      const cost = (units: number) => ({ 'by-kind': { CapacityUnits: units } });
      const [one, two] = [text(randomUUID()), text(randomUUID())];
      expect(await put({ kind: one, v: number(1) })).toEqual({ total: 2, indexes: cost(1) });
      expect(await put({ kind: one, v: number(2) })).toEqual({ total: 1, indexes: undefined });
      expect(await put({ kind: two, v: number(2) })).toEqual({ total: 3, indexes: cost(2) });
      expect(await put({ v: number(2) })).toEqual({ total: 2, indexes: cost(1) });
    });
  });

  describe('pages', () => {
    it('of a query give each item once, in order, on a table and on an index', async () => {
      const name = randomUUID();
      const items = Array.from({ length: 25 }, (_, position) => ({
        pk: text(name),
        sk: text(String(position).padStart(3, '0')),
        lane: text(name),
        due: number(position),
      }));
      await hand().transact(items.map((item) => hand().put(item)));
      await eventually(
        () => dueIn(name),
        ({ length }) => length === 25,
      );
      const onTable = {
        KeyConditionExpression: 'pk = :name',
        ExpressionAttributeValues: { ':name': text(name) },
        ConsistentRead: true,
      };
      const onIndex = {
        IndexName: 'by-due',
        KeyConditionExpression: 'lane = :name',
        ExpressionAttributeValues: { ':name': text(name) },
      };
      const wanted = items.map((item) => item.sk.S);
      expect(await pages((page) => query({ ...onTable, ...page }))).toEqual(wanted);
      expect(await pages((page) => query({ ...onIndex, ...page }))).toEqual(wanted);
      const reverse = { ...onIndex, ScanIndexForward: false };
      expect(await pages((page) => query({ ...reverse, ...page }))).toEqual([...wanted].reverse());
    });

    it('of a filtered query count what was read, not what was kept', async () => {
      const name = randomUUID();
      const items = Array.from({ length: 6 }, (_, position) => ({
        pk: text(name),
        sk: text(String(position)),
        odd: { BOOL: position % 2 === 1 },
      }));
      await hand().transact(items.map((item) => hand().put(item)));
      const page = await query({
        KeyConditionExpression: 'pk = :name',
        FilterExpression: 'odd = :odd',
        ExpressionAttributeValues: { ':name': text(name), ':odd': { BOOL: true } },
        Limit: 3,
        ConsistentRead: true,
      });
      expect(page.Items?.map((item) => item['sk']?.S)).toEqual(['1']);
      expect(page.ScannedCount).toBe(3);
      expect(page.LastEvaluatedKey).toEqual({ pk: text(name), sk: text('2') });
    });

    it('of a scan in segments give each item once', async () => {
      const name = randomUUID();
      const wanted = Array.from({ length: 20 }, (_, position) => `${name}-${position}`);
      await hand().transact(
        wanted.map((pk) => ({ Put: { TableName: hand().other, Item: { pk: text(pk) } } })),
      );
      const found: string[] = [];
      for (const Segment of [0, 1, 2]) {
        let start: Item | undefined;
        do {
          const page = await hand().client.send(
            new ScanCommand({
              TableName: hand().other,
              Segment,
              TotalSegments: 3,
              Limit: 7,
              ConsistentRead: true,
              ...(start && { ExclusiveStartKey: start }),
            }),
          );
          found.push(...(page.Items ?? []).flatMap((item) => item['pk']?.S ?? []));
          start = page.LastEvaluatedKey;
        } while (start);
      }
      expect(found.filter((pk) => pk.startsWith(name)).sort()).toEqual([...wanted].sort());
    });
  });
}

interface Page {
  readonly Items?: Item[] | undefined;
  readonly LastEvaluatedKey?: Item | undefined;
}

/** The sort keys of all pages of four items. */
async function pages(read: (page: object) => Promise<Page>): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = [];
  let start: Item | undefined;
  do {
    const page = await read({ Limit: 4, ...(start && { ExclusiveStartKey: start }) });
    expect(page.Items?.length ?? 0).toBeLessThanOrEqual(4);
    found.push(...(page.Items ?? []).map((item) => item['sk']?.S));
    start = page.LastEvaluatedKey;
  } while (start);
  return found;
}
