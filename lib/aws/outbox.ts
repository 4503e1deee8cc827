import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventOut } from '../domain/transaction/event-out.ts';
import { outboxShards } from '../domain/limits.ts';
import type { QueuedEvent } from '../domain/transaction/write.ts';
import { toItem } from './dynamodb/items/items.ts';
import { caseKeys } from './dynamodb/keys.ts';
import { Reader } from './dynamodb/read.ts';

/** PutEvents accepts at most this many entries. */
const entriesMax = 10;

/** The source of every event that Rescind sends. No rule of Rescind's own matches it. */
const source = 'rescind';

/** The outbox: the events that wait in the table Cases, and their delivery to the bus. */
export function outbox(dynamo: DynamoDBClient, table: string, events: EventBridgeClient, bus: string) {
  const read = new Reader(dynamo, table);
  return {
    waiting: async (shard: number, limit: number): Promise<readonly QueuedEvent[]> => {
      const { items } = await read.page(`outbox#${shard}`, { limit });
      return items.map((row) => {
        // our own JSON: the transaction that made the change wrote it
        const event = JSON.parse(row['event']?.S ?? '') as EventOut;
        return { id: row['sk']?.S ?? '', ...event };
      });
    },
    /** Sends events to the bus and deletes the rows of those that it accepted. Returns their number. */
    send: async (queued: readonly QueuedEvent[]): Promise<number> => {
      const taken = await publish(queued);
      for (const id of taken)
        await dynamo.send(
          new DeleteItemCommand({ TableName: table, Key: toItem(caseKeys.event(id, outboxShards)) }),
        );
      return taken.size;
    },
  };

  /** Returns the ids of the events that the bus accepted. An answer of 200 from PutEvents may contain failed entries. */
  async function publish(queued: readonly QueuedEvent[]): Promise<ReadonlySet<string>> {
    const taken = new Set<string>();
    for (let start = 0; start < queued.length; start += entriesMax) {
      const batch = queued.slice(start, start + entriesMax);
      const Entries = batch.map(({ id, type, detail }) => ({
        EventBusName: bus,
        Source: source,
        DetailType: type,
        Detail: JSON.stringify({ version: 1, id, ...detail }),
      }));
      const { Entries: answers = [] } = await events.send(new PutEventsCommand({ Entries }));
      batch.forEach(({ id }, index) => {
        if (answers[index]?.EventId) taken.add(id);
      });
    }
    return taken;
  }
}
