import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { committer } from '../../lib/aws/dynamodb/commit.ts';
import type { Tables } from '../../lib/aws/dynamodb/tables.ts';
import type { Write } from '../../lib/domain/transaction/write.ts';
import { Clock } from '../cloud/clock.ts';
import { Gateway } from '../cloud/gateway.ts';
import type { LocalService } from '../cloud/service.ts';
import { createDynamoDb, type Item, type TableInput } from '../cloud/services/dynamodb/dynamodb.ts';

export const tables: Tables = { registry: 'Registry', fences: 'Fences', cases: 'Cases', ledger: 'Ledger' };

const text = (...names: string[]) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
const key = (hash: string, range?: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];
const due = {
  IndexName: 'due',
  KeySchema: key('dueShard', 'dueAt'),
  Projection: { ProjectionType: 'KEYS_ONLY' },
} as const;

/** As the stack makes them. */
export const shapes: readonly TableInput[] = [
  {
    TableName: tables.registry,
    AttributeDefinitions: text('pk', 'sk', 'dueShard', 'dueAt'),
    KeySchema: key('pk', 'sk'),
    GlobalSecondaryIndexes: [due],
  },
  { TableName: tables.fences, AttributeDefinitions: text('pk'), KeySchema: key('pk') },
  {
    TableName: tables.cases,
    AttributeDefinitions: text('pk', 'sk', 'dueShard', 'dueAt'),
    KeySchema: key('pk', 'sk'),
    GlobalSecondaryIndexes: [due],
  },
  { TableName: tables.ledger, AttributeDefinitions: text('pk', 'sk'), KeySchema: key('pk', 'sk') },
];

/** The four tables in the local DynamoDB, behind the local cloud's door. */
export async function startTables() {
  const clock = new Clock();
  const dynamoDb = createDynamoDb({ clock });
  const gateway = new Gateway(clock);
  gateway.add(dynamoDb);
  gateway.admit({ accessKeyId: 'LOCALTEST', name: 'tester' });
  const endpoint = await gateway.listen();
  for (const shape of shapes) await dynamoDb.createTable({ BillingMode: 'PAY_PER_REQUEST', ...shape });
  const settings = {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'LOCALTEST', secretAccessKey: 'no secret' },
    maxAttempts: 3,
  };
  const client = new DynamoDBClient(settings);
  const commit = committer(client, tables);
  return {
    clock,
    gateway,
    settings,
    client,
    commit,
    /** Commits what must be there before a test begins; a refusal is an error. */
    async given(...writes: Write[]): Promise<void> {
      const committed = await commit(writes);
      if (!committed.ok) throw new Error(`refused: ${committed.failed.map(({ kind }) => kind).join(', ')}`);
    },
    /** Every row of every table: what an observer can compare. */
    async snapshot(): Promise<string> {
      const rows = await Promise.all(
        Object.values(tables).map(async (name: string) => [name, await sorted(dynamoDb.items(name))]),
      );
      return JSON.stringify(rows);
    },
    add: (service: LocalService): void => gateway.add(service),
    async close(): Promise<void> {
      client.destroy();
      await gateway.close();
      await dynamoDb.close();
      clock.stop();
    },
  };
}

export type World = Awaited<ReturnType<typeof startTables>>;

async function sorted(items: Promise<readonly Item[]>): Promise<string[]> {
  return (await items)
    .map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort();
}

/** An id that no other test uses. */
export const fresh = (prefix: string): string => `${prefix}-${randomBytes(6).toString('hex')}`;
