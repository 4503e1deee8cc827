import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CaseId } from '../domain/ids.ts';
import type { Commit, QueuedEvent, Write } from '../domain/transaction/write.ts';
import { countFacts } from '../wire/metrics/count-facts.ts';
import { committer } from './dynamodb/commit.ts';
import { log, noteForLog } from './lambda/log.ts';
import type { Meter } from './lambda/meter.ts';
import { newId, now } from './lambda/runtime.ts';
import type { Tables } from './dynamodb/tables.ts';

/** Makes the context of a flow that writes; implements `Recorder` of the flows. */
export function recorder(
  dynamo: DynamoDBClient,
  tables: Tables,
  outbox: { send(events: readonly QueuedEvent[]): Promise<number> },
  measure: Meter['measure'],
) {
  const commit: Commit = committer(dynamo, tables);
  return {
    commit: (async (writes) => {
      const committed = await commit(writes);
      // from here on, each line of the log names the case of the committed entry
      if (committed.ok) for (const id of caseOf(writes)) noteForLog({ case: id });
      if (committed.ok) for (const [fact, count] of countFacts(writes)) measure(fact, count);
      return committed;
    }) satisfies Commit,
    // the events are committed as rows: the sweep sends those that fail here
    send: async (events: readonly QueuedEvent[]): Promise<void> => {
      try {
        const sent = await outbox.send(events);
        if (sent > 0) measure('EventsSent', sent);
      } catch (error) {
        log.warn('events not sent: the sweep will send them', {
          count: events.length,
          cases: [...new Set(events.flatMap(({ detail }) => ('case' in detail ? [detail.case] : [])))],
          error: error instanceof Error ? error.name : 'unknown',
        });
      }
    },
    now,
    newId,
    log,
  };
}

const caseOf = (writes: readonly Write[]): readonly CaseId[] =>
  writes.flatMap((write) => (write.kind === 'append-entry' ? (write.entry.case ?? []) : []));
