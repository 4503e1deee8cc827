import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { QueuedEvent } from '../domain/write.ts';
import { committer } from './dynamodb/commit.ts';
import { log, newId, now } from './runtime.ts';
import { type Tables, tablesFrom } from './dynamodb/writes.ts';

/** What a flow that writes is given: see `Recorder` of the flows. */
export function recorder(
  dynamo: DynamoDBClient,
  tables: Partial<Tables>,
  outbox: { send(events: readonly QueuedEvent[]): Promise<number> },
) {
  return {
    commit: committer(dynamo, tablesFrom(tables)),
    // the rows are committed: whatever fails here is the sweep's
    send: async (events: readonly QueuedEvent[]): Promise<void> => {
      try {
        await outbox.send(events);
      } catch (error) {
        log.warn('events left to the sweep', {
          count: events.length,
          error: error instanceof Error ? error.name : 'unknown',
        });
      }
    },
    now,
    newId,
    log,
  };
}
