import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Chunk } from '../../../domain/case/obligation.ts';
import { placeholders } from '../expressions.ts';
import { toItem } from '../items/items.ts';
import { caseKeys } from '../keys.ts';

// a list, not a map: ids are the senders', and `__proto__` is one of the allowed ones
const leaseRow = z.object({ seen: z.array(z.object({ id: z.string(), at: z.number() })).default([]) });

/**
 * Leases of chunks in the table Cases: one holder at a time, until a time that the holder named. What a holder
 * saw active stays with the row when it dies, as the positive control of its successor.
 */
export function leases(client: DynamoDBClient, table: string, clock: { now(): number; newId(): string }) {
  const write = async (key: object, change: string, condition: string, values: object) => {
    const command = new UpdateItemCommand({
      TableName: table,
      Key: toItem(key),
      UpdateExpression: change,
      ConditionExpression: condition,
      ...placeholders([change, condition], values),
      ReturnValues: 'ALL_NEW',
    });
    try {
      return (await client.send(command)).Attributes ?? {};
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };
  return {
    take: async (chunk: Chunk, until: number) => {
      const key = caseKeys.lease(chunk.case, chunk.shard, chunk.authority);
      const owner = clock.newId();
      const free = 'attribute_not_exists(#pk) OR #until < :now';
      const row = await write(key, 'SET #owner = :owner, #until = :until', free, {
        owner,
        until,
        now: clock.now(),
      });
      if (!row) return undefined;
      const mine = '#owner = :owner';
      const inherited = new Map(leaseRow.parse(unmarshall(row)).seen.map(({ id, at }) => [id, at]));
      const known = new Map(inherited);
      return {
        seen: inherited as ReadonlyMap<string, number>,
        note: async (noted: ReadonlyMap<string, number>): Promise<void> => {
          for (const [id, at] of noted) known.set(id, at);
          const seen = [...known].map(([id, at]) => ({ id, at }));
          if (!(await write(key, 'SET #seen = :seen', mine, { owner, seen })))
            throw new LeaseLost(chunk.case);
        },
        settled: (ids: readonly string[]): void => {
          for (const id of ids) known.delete(id);
        },
        release: async (): Promise<void> =>
          void (await write(key, 'SET #until = :none', mine, { owner, none: 0 })),
      };
    },
  };
}

/** Another worker holds the chunk: this one ran longer than its lease and must not go on. */
class LeaseLost extends Error {
  readonly disposition = 'retry';

  constructor(chunk: string) {
    super(`the lease on a chunk of ${chunk} passed to another worker`);
    this.name = 'LeaseLost';
  }
}
