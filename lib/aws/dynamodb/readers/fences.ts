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
      /** Reads a fence. Of a partner's fence it reads any copy: all copies are written in one transaction. */
      find: async (subject: FenceSubject): Promise<Fence | undefined> =>
        toFence(await read.get(fenceKey(subject, Math.floor(Math.random() * partnerFenceCopies)))),
    },
    holds: {
      /** Returns the latest hold of the subject, active or lifted. */
      find: async (subject: CaseSubject): Promise<Hold | undefined> =>
        toHold(await read.get(holdKey(subject))),
    },
  };
}
