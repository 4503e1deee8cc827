import { outboxPage, outboxShards } from '../../domain/limits.ts';
import type { QueuedEvent } from '../../domain/transaction/write.ts';
import type { Log, Measure } from '../flow.ts';

export interface SendEvents {
  readonly outbox: {
    waiting(shard: number, limit: number): Promise<readonly QueuedEvent[]>;
    /** Sends these to the bus and deletes those that it accepted; returns their number. */
    send(events: readonly QueuedEvent[]): Promise<number>;
  };
  readonly measure: Measure;
  readonly log: Log;
}

/** Sends the events in the outbox. An event that the bus does not accept stays there and is sent again. */
export async function sendEvents(
  deps: SendEvents,
): Promise<{ readonly sent: number; readonly left: number }> {
  let sent = 0;
  let left = 0;
  for (let shard = 0; shard < outboxShards; shard += 1) {
    const waiting = await deps.outbox.waiting(shard, outboxPage);
    const taken = waiting.length > 0 ? await deps.outbox.send(waiting) : 0;
    sent += taken;
    left += waiting.length - taken;
  }
  if (sent > 0) deps.measure('EventsSent', sent);
  if (left > 0) deps.log.warn('events left in the outbox', { sent, left });
  return { sent, left };
}
