import { messageBytesMax } from './message.ts';
import type { MessageState } from './message-store.ts';
import type { Queue } from './queue.ts';
import { invalidAttributeName } from './refusals.ts';

const readers: Readonly<Record<string, (queue: Queue) => string | undefined>> = {
  QueueArn: (queue) => queue.arn,
  ApproximateNumberOfMessages: (queue) => String(count(queue, 'visible')),
  ApproximateNumberOfMessagesNotVisible: (queue) => String(count(queue, 'inFlight')),
  ApproximateNumberOfMessagesDelayed: (queue) => String(count(queue, 'delayed')),
  CreatedTimestamp: (queue) => epochSeconds(queue.createdAt),
  LastModifiedTimestamp: (queue) => epochSeconds(queue.createdAt),
  VisibilityTimeout: (queue) => String(queue.settings.visibilityTimeoutSeconds),
  MaximumMessageSize: () => String(messageBytesMax),
  MessageRetentionPeriod: (queue) => String(queue.settings.messageRetentionSeconds),
  DelaySeconds: (queue) => String(queue.settings.delaySeconds),
  ReceiveMessageWaitTimeSeconds: () => '0',
  RedrivePolicy: ({ redrive }) =>
    redrive &&
    JSON.stringify({ deadLetterTargetArn: redrive.to.arn, maxReceiveCount: redrive.maxReceiveCount }),
};

/** The attributes that GetQueueAttributes was asked for; throws `InvalidAttributeName` for unknown ones. */
export function readAttributes(queue: Queue, names: readonly string[]): Readonly<Record<string, string>> {
  const asked = names.includes('All') ? Object.keys(readers) : names;
  const attributes: Record<string, string> = {};
  for (const name of asked) {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!read) throw invalidAttributeName(name);
    const value = read(queue);
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}

function count(queue: Queue, state: MessageState): number {
  return queue.stored().filter((message) => message.state === state).length;
}

function epochSeconds(at: number): string {
  return String(Math.floor(at / 1000));
}
