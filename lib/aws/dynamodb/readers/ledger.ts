import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Head } from '../../../domain/ledger/head.ts';
import {
  type EntryRef,
  type KeptEntry,
  type Marker,
  nameOf,
  type Order,
} from '../../../domain/ledger/order.ts';
import { pendingShards } from '../../../domain/limits.ts';
import { hash } from '../../../ledger/signed-checkpoint.ts';
import { isNew, placeholders } from '../expressions.ts';
import { type Item, toItem } from '../items/items.ts';
import { generationKey, type Key, ledgerKeys } from '../keys.ts';
import { Reader } from '../read.ts';

/** Where the sealer's own rows are, each in a partition of its own: `order#000000000256`. */
const headKey: Key = { pk: 'head', sk: 'head' };
const orderKey = (first: number): Key => ({ pk: `order#${generationKey(first)}`, sk: 'order' });
const checkpointKey = (size: number): Key => ({ pk: `checkpoint#${generationKey(size)}`, sk: 'checkpoint' });
const entryPrefix = 'entry#';

/** DynamoDB takes no longer keys; asking for one fails the whole call. */
const partitionBytesMax = 2048;
const sortBytesMax = 1024;

const index = z.int().min(0);

const headRow = z.object({
  size: index,
  root: hash,
  peaks: z.array(hash),
  checkpoint: hash,
  leftover: index.nullable(),
});

const orderRow = z.object({
  first: index,
  entries: z.array(z.object({ pk: z.string(), sk: z.string(), leaf: hash, shard: index })).min(1),
});

const checkpointRow = z.object({ size: index, jws: z.string() });

/** Writers put markers, and one of them may be broken: what is no marker names no entry, and stays. */
const markerRow = z.object({
  pk: z.string().transform((pk) => Number(pk.slice(pk.indexOf('#') + 1))),
  sk: z.string(),
  entry: z.string().catch(''),
  digest: z.string().catch(''),
});

/** The ledger as its sealer sees it: see `SealLedger` of the flow. A row of its own that does not parse is an error. */
export function sealedLedger(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);

  /** Puts a row under a condition; whether it held. A repeated call after a lost answer finds its own row: false. */
  const putIf = async (row: object, condition: { readonly if: string; readonly values?: object }) => {
    const command = new PutItemCommand({
      TableName: table,
      Item: toItem(row),
      ConditionExpression: condition.if,
      ...placeholders([condition.if], condition.values ?? {}),
    });
    try {
      await client.send(command);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  const order = async (first: number): Promise<Order | undefined> => {
    const item = await read.get(orderKey(first));
    return item && parsed(orderRow, item);
  };

  const checkpoint = async (size: number): Promise<string | undefined> => {
    const item = await read.get(checkpointKey(size));
    return item && parsed(checkpointRow, item).jws;
  };

  return {
    head: async (): Promise<Head | undefined> => {
      const item = await read.get(headKey);
      return item && parsed(headRow, item);
    },
    moveHead: (from: Head, to: Head): Promise<boolean> =>
      putIf(
        { ...headKey, ...to },
        from.size === 0
          ? isNew
          : {
              if: '#size = :size AND #root = :root AND #leftover = :leftover',
              values: { size: from.size, root: from.root, leftover: from.leftover },
            },
      ),
    order,
    keepOrder: async (wanted: Order): Promise<Order> => {
      if (await putIf({ ...orderKey(wanted.first), ...wanted }, isNew)) return wanted;
      return standing(await order(wanted.first), orderKey(wanted.first));
    },
    checkpoint,
    keepCheckpoint: async (size: number, jws: string): Promise<string> => {
      if (await putIf({ ...checkpointKey(size), size, jws }, isNew)) return jws;
      return standing(await checkpoint(size), checkpointKey(size));
    },
    pending: async (shard: number, limit: number): Promise<readonly Marker[]> =>
      (await read.page(`pending#${shard}`, { limit })).items.flatMap((item) => toMarker(item) ?? []),
    entries: (refs: readonly EntryRef[]) => readEntries(read, refs),
    forget: async ({ sk, shard }: Pick<Marker, 'sk' | 'shard'>): Promise<void> => {
      const command = new DeleteItemCommand({
        TableName: table,
        Key: toItem({ pk: `pending#${shard}`, sk }),
      });
      await client.send(command);
    },
  };
}

/** The ledger as an export and `show` read it; see `LedgerReads`. What does not parse is not there: the verifier says what is missing. */
export function ledgerReads(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  return {
    order: async (first: number): Promise<Order | undefined> =>
      orderRow.safeParse(plain(await read.get(orderKey(first)))).data,
    checkpoint: async (size: number): Promise<string | undefined> =>
      checkpointRow.safeParse(plain(await read.get(checkpointKey(size)))).data?.jws,
    entries: (refs: readonly EntryRef[]) => readEntries(read, refs),
    markers: async (refs: readonly EntryRef[]): Promise<readonly Marker[]> => {
      const ids = new Set(refs.map(({ sk }) => sk));
      const items = await read.getAll([...ids].map((id) => ledgerKeys.pending(id, pendingShards)));
      return items.flatMap((item) => toMarker(item) ?? []);
    },
    rows: async function* () {
      let from: Item | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new ScanCommand({
            TableName: table,
            ConsistentRead: true,
            ...(from && { ExclusiveStartKey: from }),
          }),
        );
        for (const item of Items) yield* toRow(item);
        from = LastEvaluatedKey;
      } while (from);
    },
    /** One page of what is filed under a subject, the newest last. */
    entriesOf: async (
      subject: string,
      { after, limit }: { readonly after?: string | undefined; readonly limit: number },
    ): Promise<{ readonly entries: readonly KeptEntry[]; readonly next?: string | undefined }> => {
      const { items, next } = await read.page(`${entryPrefix}${subject}`, { after, limit });
      return { entries: items.map(toEntry), next };
    },
  };
}

async function readEntries(read: Reader, refs: readonly EntryRef[]): Promise<readonly KeptEntry[]> {
  // markers and tampered order rows may name anything: what can be no entry is not looked up
  const entries = refs.filter(
    ({ pk, sk }) =>
      pk.startsWith(entryPrefix) &&
      Buffer.byteLength(pk) <= partitionBytesMax &&
      sk !== '' &&
      Buffer.byteLength(sk) <= sortBytesMax,
  );
  const keys = new Map(entries.map(({ pk, sk }) => [nameOf({ pk, sk }), { pk, sk }]));
  return (await read.getAll([...keys.values()])).map(toEntry);
}

function* toRow(item: Item) {
  const pk = item['pk']?.S ?? '';
  if (pk.startsWith(entryPrefix)) yield { row: 'entry', ...toEntry(item) } as const;
  if (pk.startsWith('pending#')) {
    const marker = toMarker(item);
    if (marker) yield { row: 'pending', ...marker } as const;
  }
  if (pk.startsWith('order#')) {
    const { data } = orderRow.safeParse(plain(item));
    if (data) yield { row: 'order', ...data } as const;
  }
  if (pk.startsWith('checkpoint#')) {
    const { data } = checkpointRow.safeParse(plain(item));
    if (data) yield { row: 'checkpoint', ...data } as const;
  }
}

// a body that is no string is an edit, and the verifier's to name
const toEntry = (item: Item): KeptEntry => ({
  pk: item['pk']?.S ?? '',
  sk: item['sk']?.S ?? '',
  body: item['body']?.S ?? '',
});

function toMarker(item: Item): Marker | undefined {
  const { data } = markerRow.safeParse(plain(item));
  return data && { pk: data.entry, sk: data.sk, digest: data.digest, shard: data.pk };
}

const plain = (item: Item | undefined): unknown => item && unmarshall(item);

function parsed<Row>(schema: z.ZodType<Row>, item: Item): Row {
  const row = schema.safeParse(unmarshall(item));
  if (row.success) return row.data;
  throw new Error(`row ${item['pk']?.S ?? '?'} of the ledger does not parse: ${row.error.message}`);
}

function standing<Row>(row: Row | undefined, { pk }: Key): Row {
  if (row === undefined) throw new Error(`row ${pk} was there and is gone: nothing of the sealer deletes it`);
  return row;
}
