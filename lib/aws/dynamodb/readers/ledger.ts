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

/** The keys of the sealer's own rows. Each row has a partition of its own: `order#000000000256`. */
const headKey: Key = { pk: 'head', sk: 'head' };
const orderKey = (first: number): Key => ({ pk: `order#${generationKey(first)}`, sk: 'order' });
const checkpointKey = (size: number): Key => ({ pk: `checkpoint#${generationKey(size)}`, sk: 'checkpoint' });
const entryPrefix = 'entry#';

/** DynamoDB accepts no longer keys. One longer key fails the whole call. */
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

/** A marker as it is stored. Writers put markers, and a broken one may be among them: it names no entry, and is not deleted. */
const markerRow = z.object({
  pk: z.string().transform((pk) => Number(pk.slice(pk.indexOf('#') + 1))),
  sk: z.string(),
  entry: z.string().catch(''),
  digest: z.string().catch(''),
});

/** The ledger for its sealer; implements `SealLedger` of the flow. Throws where one of the sealer's own rows does not parse. */
export function sealedLedger(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);

  /** Puts a row and returns true where its condition was met. A retry after a lost answer finds its own row and returns false. */
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

/**
 * The ledger for an export and for `show`; implements `LedgerReads`. Rows that do not parse are left out: the verifier reports them
 * as missing.
 */
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
    /** Returns one page of the entries of a subject, the newest last. */
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
  // markers and tampered order rows may name anything: a key that no entry can have is not read
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

// a body that is not a string was tampered with: the verifier reports it
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
  if (row === undefined)
    throw new Error(`row ${pk} of the ledger was deleted: Rescind never deletes it, so find out who did`);
  return row;
}
