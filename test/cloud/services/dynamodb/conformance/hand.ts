import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  type CancellationReason,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Connection } from './connection.ts';

type Item = Record<string, AttributeValue>;

/** What a refused call said. */
export interface Refusal {
  readonly name: string;
  readonly message: string;
  readonly reasons: readonly CancellationReason[];
  readonly item: Item | undefined;
}

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });

/** The key of an item that no other test uses. */
export function freshKey(name = 'item'): { pk: AttributeValue; sk: AttributeValue } {
  return { pk: text(`${name}-${randomUUID()}`), sk: text('0') };
}

/** The few calls that most tests make, on the main table. */
export class Hand {
  readonly client: Connection['client'];
  readonly table: string;
  readonly other: string;

  constructor({ client, table, other }: Connection) {
    this.client = client;
    this.table = table;
    this.other = other;
  }

  async read(key: Item): Promise<Item | undefined> {
    const get = new GetItemCommand({ TableName: this.table, Key: key, ConsistentRead: true });
    return (await this.client.send(get)).Item;
  }

  async write(item: Item): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.table, Item: item }));
  }

  async transact(items: readonly TransactWriteItem[], token?: string): Promise<void> {
    await this.client.send(
      new TransactWriteItemsCommand({
        TransactItems: [...items],
        ...(token !== undefined && { ClientRequestToken: token }),
      }),
    );
  }

  put(item: Item, rest: object = {}): TransactWriteItem {
    return { Put: { TableName: this.table, Item: item, ...rest } };
  }

  /** Adds one to `count`. */
  add(key: Item, rest: object = {}): TransactWriteItem {
    return {
      Update: {
        TableName: this.table,
        Key: key,
        UpdateExpression: 'ADD #count :one',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':one': number(1) },
        ...rest,
      },
    };
  }

  remove(key: Item, rest: object = {}): TransactWriteItem {
    return { Delete: { TableName: this.table, Key: key, ...rest } };
  }

  check(key: Item, condition: string, rest: object = {}): TransactWriteItem {
    return {
      ConditionCheck: { TableName: this.table, Key: key, ConditionExpression: condition, ...rest },
    };
  }
}

/** What the call was refused with; throws when it was not refused. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reasons = error instanceof TransactionCanceledException ? error.CancellationReasons : undefined;
    const item = error instanceof ConditionalCheckFailedException ? error.Item : undefined;
    return { name: error.name, message: error.message, reasons: reasons ?? [], item };
  }
  throw new Error('the call was not refused');
}

export function codesOf(refusal: Refusal): readonly (string | undefined)[] {
  return refusal.reasons.map((reason) => reason.Code);
}

/** Repeats until `probe` gives the same as `wanted`: indexes of the real service follow after a moment. */
export async function eventually<T>(probe: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
  const until = Date.now() + 10_000;
  for (;;) {
    const value = await probe();
    if (wanted(value) || Date.now() > until) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
}
