import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { committer } from '../../lib/aws/dynamodb/commit.ts';
import { toItem } from '../../lib/aws/dynamodb/items/items.ts';
import { Clock } from '../cloud/clock.ts';
import { createDynamoDb } from '../cloud/services/dynamodb/dynamodb.ts';
import { shapes, tables } from '../aws/world.ts';
import { directClient } from '../properties/direct-client.ts';

/** BatchWriteItem takes at most this many. */
const batch = 25;

/** Local tables that take thousands of rows; they are deleted after the test. */
export async function startSweptTables() {
  const clock = new Clock();
  const dynamoDb = createDynamoDb({ clock });
  for (const shape of shapes) await dynamoDb.createTable({ BillingMode: 'PAY_PER_REQUEST', ...shape });
  const client = directClient(dynamoDb);
  onTestFinished(async () => {
    clock.stop();
    await dynamoDb.close();
  });
  const logged: { readonly level: string; readonly message: string; readonly facts: unknown }[] = [];
  const log = (level: string) => (message: string, facts?: object) =>
    void logged.push({ level, message, facts: { ...facts } });
  return {
    client,
    commit: committer(client, tables),
    /** Puts rows directly, without any check. */
    async put(table: string, rows: readonly object[]): Promise<void> {
      for (let start = 0; start < rows.length; start += batch) {
        const some = rows.slice(start, start + batch).map((row) => ({ PutRequest: { Item: toItem(row) } }));
        await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: some } }));
      }
    },
    logged,
    log: { info: log('info'), warn: log('warn'), error: log('error') },
  };
}

/** The remaining time of an invocation: `spend` reduces it. */
export function invocation(budgetMs: number) {
  let left = budgetMs;
  return {
    remainingMs: () => left,
    spend: (ms: number): void => {
      left -= ms;
    },
  };
}
