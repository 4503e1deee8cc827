import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Hold } from '../../../domain/emergency/hold.ts';
import type { Fence } from '../../../domain/case/fence.ts';
import { partnerFenceCopies } from '../../../domain/limits.ts';
import type { CaseSubject, FenceSubject } from '../../../domain/subject.ts';
import { toFence } from '../items/items.ts';
import { fenceKey, holdKey } from '../keys.ts';
import { toHold } from '../items/operator-items.ts';
import { Reader } from '../read.ts';

/** Reads the table Fences. */
export function fences(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  return {
    fences: {
      /** Of a partner's copies, which are written in one transaction, any one. */
      find: async (subject: FenceSubject): Promise<Fence | undefined> =>
        toFence(await read.get(fenceKey(subject, Math.floor(Math.random() * partnerFenceCopies)))),
    },
    holds: {
      /** The latest hold of this subject, lifted or not. */
      find: async (subject: CaseSubject): Promise<Hold | undefined> =>
        toHold(await read.get(holdKey(subject))),
    },
  };
}
