import {
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Commit, Write } from '../../domain/transaction/write.ts';
import type { Tables } from './tables.ts';
import { actionsOf } from './writes.ts';

/**
 * Attempts at one transaction. Overlapping transactions end within milliseconds; a row that is busy for longer is left to a later
 * message.
 */
const triesMax = 8;

/**
 * Commits writes as one TransactWriteItems: all or none. A failed condition is an answer. A conflict with another transaction
 * is retried here. Every other failure throws.
 */
export function committer(client: DynamoDBClient, tables: Tables): Commit {
  return async (writes) => {
    const owned = writes.flatMap((write) => actionsOf(write, tables).map((action) => ({ write, action })));
    const TransactItems = owned.map(({ action }) => action);
    for (let tries = 1; ; tries += 1) {
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems }));
        return { ok: true };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
        const failed = new Set<Write>();
        owned.forEach(({ write }, index) => {
          if (codes[index] === 'ConditionalCheckFailed') failed.add(write);
        });
        if (failed.size > 0) return { ok: false, failed: [...failed] };
        const busy = codes.every((code) => code === 'None' || code === undefined || busyCodes.has(code));
        if (!busy || codes.length === 0 || tries === triesMax) throw error;
        await pause(tries);
      }
    }
  };
}

/** The cancellation reasons that a retry can cure: DynamoDB API reference, TransactWriteItems, "CancellationReasons". */
const busyCodes: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

const pause = (tries: number): Promise<void> =>
  new Promise((done) => setTimeout(done, Math.random() * Math.min(500, 20 * 2 ** tries)));
