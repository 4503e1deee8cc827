import { createHash } from 'node:crypto';
import { checkAttributes, type MessageAttributes, sizeOfAttributes } from './message-attributes.ts';
import { invalidMessageContents, invalidParameter, messageTooLong, missingParameter } from './refusals.ts';

/** One message with its attributes, and one batch together: 1 MiB since August 2025. */
export const messageBytesMax = 1024 * 1024;

/** What a sender hands over. */
export interface NewMessage {
  readonly body: string;
  /** Who sent it, for `SenderId`. */
  readonly sender: string;
  readonly groupId?: string | undefined;
  readonly attributes?: MessageAttributes | undefined;
  /** @default the delay of the queue */
  readonly delaySeconds?: number | undefined;
}

/** A message as a consumer gets it. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** Good for this delivery; the next delivery of the message makes it stale. */
  readonly receiptHandle: string;
  /** How often the message was received, this time included, over all queues it was in. */
  readonly receiveCount: number;
  /** Milliseconds of the world's clock. */
  readonly sentAt: number;
  readonly groupId?: string;
  /** The system attributes by their names in the API: `ApproximateReceiveCount`, `SentTimestamp` and so on. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: MessageAttributes;
}

/** A message in a queue; the queue that holds it is the only one to change it. */
export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly sender: string;
  readonly groupId: string | undefined;
  readonly messageAttributes: MessageAttributes;
  readonly sentAt: number;
  /** The queue it was dead-lettered from. */
  readonly sourceArn: string | undefined;
  /** Made by the fault hook, which copies no copies. */
  readonly isCopy: boolean;
  visibleAt: number;
  receiveCount: number;
  /** Receives from the present queue only: what the redrive policy counts. */
  receivesHere: number;
  receivedAt: number;
  firstReceivedAt: number;
  /** The number in the receipt handle of the latest delivery. */
  receipt: number;
}

/** A message that was sent at `sentAt` and not received yet. */
export function toStored(
  message: NewMessage,
  id: string,
  sentAt: number,
  delaySeconds: number,
): StoredMessage {
  return {
    id,
    body: message.body,
    sender: message.sender,
    groupId: message.groupId,
    messageAttributes: message.attributes ?? {},
    sentAt,
    sourceArn: undefined,
    isCopy: false,
    visibleAt: sentAt + (message.delaySeconds ?? delaySeconds) * 1000,
    receiveCount: 0,
    receivesHere: 0,
    receivedAt: 0,
    firstReceivedAt: 0,
    receipt: 0,
  };
}

/** Throws SQS's error when a standard queue would not take this message. */
export function checkMessage(message: NewMessage): void {
  if (message.body === '') throw missingParameter('MessageBody');
  if (!isXmlText(message.body)) throw invalidMessageContents();
  if (message.groupId !== undefined && !/^[\x21-\x7e]{1,128}$/.test(message.groupId))
    throw invalidParameter(
      'MessageGroupId',
      message.groupId,
      'It can be 1 to 128 alphanumeric characters and punctuation.',
    );
  if (message.attributes) checkAttributes(message.attributes);
  if (sizeOf(message) > messageBytesMax) throw messageTooLong(messageBytesMax);
}

/** Body and attributes, in bytes, as SQS counts them against `messageBytesMax`. */
export function sizeOf(message: Pick<NewMessage, 'body' | 'attributes'>): number {
  return Buffer.byteLength(message.body) + sizeOfAttributes(message.attributes ?? {});
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** The view of a stored message that goes to a consumer under this receipt handle. */
export function toMessage(stored: StoredMessage, receiptHandle: string): Message {
  return {
    id: stored.id,
    body: stored.body,
    md5OfBody: md5(stored.body),
    receiptHandle,
    receiveCount: stored.receiveCount,
    sentAt: stored.sentAt,
    ...(stored.groupId !== undefined && { groupId: stored.groupId }),
    attributes: {
      SenderId: stored.sender,
      SentTimestamp: String(stored.sentAt),
      ApproximateReceiveCount: String(stored.receiveCount),
      ApproximateFirstReceiveTimestamp: String(stored.firstReceivedAt),
      ...(stored.groupId !== undefined && { MessageGroupId: stored.groupId }),
      ...(stored.sourceArn !== undefined && { DeadLetterQueueSourceArn: stored.sourceArn }),
    },
    messageAttributes: stored.messageAttributes,
  };
}

// A lone surrogate is no character: `isWellFormed` is newer than our `lib`, so the pattern knows it.
function isXmlText(text: string): boolean {
  return /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u.test(text);
}
