import {
  type DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Commit, Write } from '../../domain/transaction/write.ts';
import type { Tables } from './tables.ts';
import { actionsOf } from './writes.ts';

/** Overlapping transactions are over in milliseconds; more rounds than this is a hot row that a later message will find free. */
const triesMax = 8;

/**
 * Commits writes as one TransactWriteItems: all or none. A failed condition is an answer; a conflict with
 * another transaction is tried again here; anything else throws.
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

/** The reasons that pass by themselves: DynamoDB API reference, TransactWriteItems, "CancellationReasons". */
const busyCodes: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

const pause = (tries: number): Promise<void> =>
  new Promise((done) => setTimeout(done, Math.random() * Math.min(500, 20 * 2 ** tries)));
