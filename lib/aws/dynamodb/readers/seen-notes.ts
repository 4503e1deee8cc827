import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Chunk } from '../../../domain/case/obligation.ts';
import { placeholders } from '../expressions.ts';
import { toItem } from '../items/items.ts';
import { caseKeys } from '../keys.ts';
import { Reader } from '../read.ts';

// a list, not a map: ids are the senders', and `__proto__` is one of the allowed ones
const noteRow = z.object({ seen: z.array(z.object({ id: z.string(), at: z.number() })) });

/**
 * Notes of what workers saw active in a chunk, in the table Cases. A note survives the worker that wrote it, and is the positive
 * control of its successor. The turn at the authority keeps two workers from writing at once.
 */
export function seenNotes(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  return {
    open: async (chunk: Chunk) => {
      const key = caseKeys.seen(chunk.case, chunk.shard, chunk.authority);
      const row = await read.get(key);
      const inherited = new Map(
        row ? noteRow.parse(unmarshall(row)).seen.map(({ id, at }) => [id, at] as const) : [],
      );
      const known = new Map(inherited);
      return {
        seen: inherited as ReadonlyMap<string, number>,
        note: async (noted: ReadonlyMap<string, number>): Promise<void> => {
          for (const [id, at] of noted) known.set(id, at);
          const change = 'SET #seen = :seen';
          const seen = [...known].map(([id, at]) => ({ id, at }));
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: toItem(key),
              UpdateExpression: change,
              ...placeholders([change], { seen }),
            }),
          );
        },
        settled: (ids: readonly string[]): void => {
          for (const id of ids) known.delete(id);
        },
      };
    },
  };
}
