import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Fence } from '../../domain/fence.ts';
import type { FenceSubject } from '../../domain/subject.ts';
import { toFence } from './items.ts';
import { fenceKey } from './keys.ts';
import { Reader } from './read.ts';

/** Reads the table Fences. */
export function fences(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  return {
    find: async (subject: FenceSubject): Promise<Fence | undefined> =>
      toFence(await read.get(fenceKey(subject))),
  };
}
