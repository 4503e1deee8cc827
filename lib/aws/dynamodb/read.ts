import {
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { placeholders } from './expressions.ts';
import { type Item, toItem } from './items/items.ts';

/** BatchGetItem accepts at most this many keys. */
const batchKeys = 100;

/** Calls for unprocessed keys before the read fails. */
const batchRounds = 6;

/** Reads of one table. They are strongly consistent, because decisions need the current rows; only `due` is not. */
export class Reader {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get(key: object): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: this.#table, Key: toItem(key), ConsistentRead: true });
    return (await this.#client.send(command)).Item;
  }

  /** Returns the items in no particular order. Keys without an item are left out. */
  async getAll(keys: readonly object[]): Promise<Item[]> {
    const items: Item[] = [];
    for (let start = 0; start < keys.length; start += batchKeys)
      items.push(...(await this.#batch(keys.slice(start, start + batchKeys).map(toItem))));
    return items;
  }

  /** Returns one page of a partition, in key order. */
  async page(
    partition: string,
    options: {
      readonly prefix?: string;
      /** Exclusive: the sort key after which the page begins. */
      readonly after?: string | undefined;
      /** Inclusive upper end, instead of `prefix`. */
      readonly between?: readonly [string, string];
      readonly limit: number;
    },
  ): Promise<{ readonly items: Item[]; readonly next?: string | undefined }> {
    const { prefix, after, between, limit } = options;
    const range = between
      ? ' AND #sk BETWEEN :low AND :high'
      : prefix === undefined
        ? ''
        : ' AND begins_with(#sk, :prefix)';
    const condition = `#pk = :pk${range}`;
    const values = { pk: partition, ...(between ? { low: between[0], high: between[1] } : { prefix }) };
    const { Items = [], LastEvaluatedKey } = await this.#query({
      KeyConditionExpression: condition,
      ...placeholders([condition], values),
      ...(after !== undefined && { ExclusiveStartKey: toItem({ pk: partition, sk: after }) }),
      ConsistentRead: true,
      Limit: limit,
    });
    return { items: Items, next: LastEvaluatedKey?.['sk']?.S };
  }

  /** Reads the index of due rows, the oldest first, each page when it is asked for. Eventually consistent, and keys only. */
  async *due(shard: string, dueBy: string, pageRows: number): AsyncGenerator<readonly Item[]> {
    const condition = '#dueShard = :shard AND #dueAt <= :dueBy';
    let from: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.#query({
        IndexName: 'due',
        KeyConditionExpression: condition,
        ...placeholders([condition], { shard, dueBy }),
        ...(from && { ExclusiveStartKey: from }),
        Limit: pageRows,
      });
      yield Items;
      from = LastEvaluatedKey;
    } while (from);
  }

  #query(input: Omit<QueryCommandInput, 'TableName'>) {
    return this.#client.send(new QueryCommand({ TableName: this.#table, ...input }));
  }

  async #batch(keys: readonly Item[]): Promise<Item[]> {
    const items: Item[] = [];
    let left: Item[] = [...keys];
    for (let round = 1; left.length > 0; round += 1) {
      if (round > batchRounds)
        throw new Error(
          `BatchGetItem on table ${this.#table} is throttled: ${left.length} keys left unprocessed`,
        );
      if (round > 1) await new Promise((done) => setTimeout(done, 25 * 2 ** round));
      const command = new BatchGetItemCommand({
        RequestItems: { [this.#table]: { Keys: left, ConsistentRead: true } },
      });
      const { Responses, UnprocessedKeys } = await this.#client.send(command);
      items.push(...(Responses?.[this.#table] ?? []));
      left = UnprocessedKeys?.[this.#table]?.Keys ?? [];
    }
    return items;
  }
}
