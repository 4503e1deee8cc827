import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { committer } from '../../lib/aws/dynamodb/commit.ts';
import { type Item, toItem } from '../../lib/aws/dynamodb/items/items.ts';
import { ledgerReads, sealedLedger } from '../../lib/aws/dynamodb/readers/ledger.ts';
import type { Entry } from '../../lib/domain/transaction/entry.ts';
import { entryId } from '../../lib/domain/ids.ts';
import type { EntryRef } from '../../lib/domain/ledger/order.ts';
import type { Log } from '../../lib/flows/flow.ts';
import type { SealLedger } from '../../lib/flows/sweeps/seal-ledger.ts';
import { exportLedger, type ExportLine, readExport } from '../../lib/ledger/export.ts';
import type { PublicKey, Signer } from '../../lib/ledger/signed-checkpoint.ts';
import { at, now } from '../domain/objects.ts';
import { fresh, tables } from '../aws/world.ts';

export const origin = 'rescind/test';

/** A ULID that sorts by its number, made at the instant at which the tests happen; `seconds` shifts it. */
export function ulidOf(number: number, seconds = 0): string {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let time = '';
  for (let rest = now + seconds * 1000, place = 0; place < 10; place += 1, rest = Math.floor(rest / 32))
    time = (digits[rest % 32] ?? '') + time;
  return `${time}${String(number).padStart(16, '0')}`;
}

export const entryOf = (number: number, over: Partial<Entry> = {}): Entry => ({
  version: 1,
  id: entryId(ulidOf(number)),
  kind: 'probed',
  at,
  subject: `case/${number % 3}`,
  changes: [{ item: `case/${number % 3}`, from: null, to: 'open' }],
  facts: { number },
  ...over,
});

export const placed = ({ subject, id }: Entry): EntryRef => ({ pk: `entry#${subject}`, sk: id });

/** Keeps what was said at `error`. */
export function makeLog(): Log & { readonly errors: unknown[] } {
  const errors: unknown[] = [];
  return {
    info: () => {},
    warn: () => {},
    error: (message, facts) => void errors.push([message, facts]),
    errors,
  };
}

/** A ledger in a table of its own, with its sealer. */
export async function openLedger(client: DynamoDBClient, signer: Signer) {
  const table = fresh('Ledger');
  const text = ['pk', 'sk'] as const;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: text.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  const isActive = async () =>
    (await client.send(new DescribeTableCommand({ TableName: table }))).Table?.TableStatus === 'ACTIVE';
  while (!(await isActive())) await new Promise((done) => setTimeout(done, 1));
  const commit = committer(client, { ...tables, ledger: table });
  const log = makeLog();
  const deps: SealLedger = { ledger: sealedLedger(client, table), signer, origin, now: () => now, log };
  const reads = ledgerReads(client, table);
  const items = async (): Promise<Item[]> => {
    const found: Item[] = [];
    let from: Item | undefined;
    do {
      const page = await client.send(
        new ScanCommand({ TableName: table, ...(from && { ExclusiveStartKey: from }) }),
      );
      found.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from);
    return found;
  };
  return {
    deps,
    reads,
    log,
    items,
    append: async (...entries: Entry[]): Promise<void> => {
      for (const entry of entries) {
        const committed = await commit([{ kind: 'append-entry', entry }]);
        if (!committed.ok) throw new Error(`entry ${entry.id} was refused`);
      }
    },
    /** Every row, as text that can be compared. */
    snapshot: async (): Promise<string[]> =>
      (await items())
        .map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))))
        .sort(),
    fill: async (rows: readonly Item[]): Promise<void> => {
      for (const Item of rows) await client.send(new PutItemCommand({ TableName: table, Item }));
    },
    putRow: (row: object) => client.send(new PutItemCommand({ TableName: table, Item: toItem(row) })),
    setBody: (key: EntryRef, body: string) =>
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: toItem(key),
          UpdateExpression: 'SET body = :body',
          ExpressionAttributeValues: { ':body': { S: body } },
        }),
      ),
    drop: (key: EntryRef) => client.send(new DeleteItemCommand({ TableName: table, Key: toItem(key) })),
    /** Through lines of text, as a file would. */
    exported: async (...keys: PublicKey[]) =>
      readExport(await linesOf(exportLedger(reads, { origin, keys }))),
  };
}

export type OpenLedger = Awaited<ReturnType<typeof openLedger>>;

export async function linesOf(lines: AsyncIterable<ExportLine>): Promise<string[]> {
  const texts: string[] = [];
  for await (const line of lines) texts.push(JSON.stringify(line));
  return texts;
}

/** Wraps every call of the sealer to the outside in `around`, which is given its number, from 1, and its name. */
export function wrapped(
  deps: SealLedger,
  around: (call: () => Promise<unknown>, number: number, name: string) => Promise<unknown>,
): SealLedger {
  let number = 0;
  const wrap = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...given: unknown[]) => {
          number += 1;
          return around(() => Promise.resolve(Reflect.apply(method, target, given)), number, String(name));
        };
      },
    });
  return { ...deps, ledger: wrap(deps.ledger), signer: wrap(deps.signer) };
}
