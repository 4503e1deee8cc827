import { afterAll, beforeAll, describe } from 'vitest';
import { conformConflicts } from './conform-conflicts.ts';
import { conformIndexes } from './conform-indexes.ts';
import { conformItems } from './conform-items.ts';
import { conformLimits } from './conform-limits.ts';
import { conformTransactions } from './conform-transactions.ts';
import type { Connection } from './connection.ts';
import { Hand } from './hand.ts';

/**
 * What Rescind needs of DynamoDB, as tests over the wire that know nothing of what answers them. Hold it against
 * the service itself with `npm run test:dynamodb -- --endpoint URL`.
 */
export function conformance(connect: () => Promise<Connection>): void {
  describe('DynamoDB', () => {
    let connection: Connection | undefined;
    let made: Hand | undefined;
    const hand = (): Hand => {
      if (!made) throw new Error('not connected');
      return made;
    };

    beforeAll(async () => {
      connection = await connect();
      made = new Hand(connection);
    });

    afterAll(async () => {
      await connection?.cleanUp();
    });

    conformItems(hand);
    conformIndexes(hand);
    conformTransactions(hand);
    conformConflicts(hand);
    conformLimits(hand);
  });
}
