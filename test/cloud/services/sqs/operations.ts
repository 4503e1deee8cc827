import type { Operation } from '../../service.ts';
import { checkEntries, performEntries } from './batch.ts';
import { md5, type Message, messageBytesMax, sizeOf } from './message.ts';
import { md5OfAttributes, selectAttributes } from './message-attributes.ts';
import type { Queue } from './queue.ts';
import { readAttributes } from './queue-attributes.ts';
import { batchTooLong } from './refusals.ts';
import { readRequest, requests } from './requests.ts';

/** Where the operations look for queues; both throw `QueueDoesNotExist`. */
export interface Queues {
  byUrl(url: string): Queue;
  urlOf(name: string, account: string | undefined): string;
}

/** The operations of SQS that Rescind uses, for standard queues. */
export function createOperations(queues: Queues): Readonly<Record<string, Operation>> {
  const queueOf = (input: unknown): Queue => queues.byUrl(readRequest(requests.onQueue, input).QueueUrl);
  const entriesOf = (input: unknown) => {
    const { Entries } = readRequest(requests.batch, input);
    checkEntries(Entries);
    return Entries;
  };
  return {
    SendMessage: async (input, call) => send(queueOf(input), input, call.caller.name),

    SendMessageBatch: async (input, call) => {
      const queue = queueOf(input);
      const entries = entriesOf(input);
      checkBatchSize(entries);
      return performEntries(entries, (entry) => send(queue, entry, call.caller.name));
    },

    ReceiveMessage: async (input) => {
      const request = readRequest(requests.receive, input);
      const messages = await queues.byUrl(request.QueueUrl).receive({
        max: request.MaxNumberOfMessages,
        waitMs: request.WaitTimeSeconds * 1000,
        visibilitySeconds: request.VisibilityTimeout,
      });
      const systemNames = [...request.AttributeNames, ...request.MessageSystemAttributeNames];
      return messages.length === 0
        ? {}
        : {
            Messages: messages.map((message) => toWire(message, systemNames, request.MessageAttributeNames)),
          };
    },

    DeleteMessage: async (input) => remove(queueOf(input), input),

    DeleteMessageBatch: async (input) => {
      const queue = queueOf(input);
      return performEntries(entriesOf(input), (entry) => remove(queue, entry));
    },

    ChangeMessageVisibility: async (input) => changeVisibility(queueOf(input), input),

    ChangeMessageVisibilityBatch: async (input) => {
      const queue = queueOf(input);
      return performEntries(entriesOf(input), (entry) => changeVisibility(queue, entry));
    },

    GetQueueAttributes: async (input) => {
      const { AttributeNames } = readRequest(requests.attributes, input);
      const attributes = readAttributes(queueOf(input), AttributeNames);
      return Object.keys(attributes).length === 0 ? {} : { Attributes: attributes };
    },

    GetQueueUrl: async (input) => {
      const { QueueName, QueueOwnerAWSAccountId } = readRequest(requests.queueName, input);
      return { QueueUrl: queues.urlOf(QueueName, QueueOwnerAWSAccountId) };
    },

    PurgeQueue: async (input) => {
      queueOf(input).purge();
      return {};
    },
  };
}

function send(queue: Queue, input: unknown, sender: string): object {
  const { MessageBody, MessageAttributes, MessageGroupId, DelaySeconds } = readRequest(
    requests.message,
    input,
  );
  const id = queue.send({
    body: MessageBody,
    sender,
    groupId: MessageGroupId,
    attributes: MessageAttributes,
    delaySeconds: DelaySeconds,
  });
  const attributesMd5 = md5OfAttributes(MessageAttributes ?? {});
  return {
    MessageId: id,
    MD5OfMessageBody: md5(MessageBody),
    ...(attributesMd5 && { MD5OfMessageAttributes: attributesMd5 }),
  };
}

function remove(queue: Queue, input: unknown): object {
  queue.delete(readRequest(requests.receipt, input).ReceiptHandle);
  return {};
}

function changeVisibility(queue: Queue, input: unknown): object {
  const { ReceiptHandle, VisibilityTimeout } = readRequest(requests.visibility, input);
  queue.changeVisibility(ReceiptHandle, VisibilityTimeout);
  return {};
}

// An entry that cannot be read has no size: it fails alone, later.
function checkBatchSize(entries: readonly unknown[]): void {
  let size = 0;
  for (const entry of entries) {
    const { data } = requests.message.safeParse(entry);
    if (data) size += sizeOf({ body: data.MessageBody, attributes: data.MessageAttributes });
  }
  if (size > messageBytesMax) throw batchTooLong(size, messageBytesMax);
}

function toWire(message: Message, systemNames: readonly string[], attributeNames: readonly string[]): object {
  const system = Object.entries(message.attributes).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  );
  const attributes = selectAttributes(message.messageAttributes, attributeNames);
  const attributesMd5 = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(attributesMd5 && { MessageAttributes: attributes, MD5OfMessageAttributes: attributesMd5 }),
  };
}
