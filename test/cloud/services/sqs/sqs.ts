import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { LocalService } from '../../service.ts';
import type { Message } from './message.ts';
import type { MessageAttributes } from './message-attributes.ts';
import { createOperations } from './operations.ts';
import { type Delivery, Queue, type ReceiveRequest } from './queue.ts';
import { type QueueSettings, readSettings } from './queue-settings.ts';
import { invalidAddress, invalidParameter, queueDoesNotExist, queueNameExists } from './refusals.ts';

export type { Message } from './message.ts';
export type { MessageAttributes } from './message-attributes.ts';
export type { Delivery, ReceiveRequest } from './queue.ts';
export type { QueueSettings } from './queue-settings.ts';

export interface SqsOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Where the gateway listens; asked whenever a queue URL is written. */
  readonly endpoint: () => string;
  /** Makes message ids. @default random UUIDs */
  readonly newId?: () => string;
}

export interface SendOptions {
  readonly groupId?: string | undefined;
  readonly attributes?: MessageAttributes | undefined;
  /** What consumers read as `SenderId`. @default 'local' */
  readonly sender?: string | undefined;
}

/** What a queue holds, for checks. */
export interface QueueContents {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Oldest first; a copy made by the fault hook is listed under the same id. */
  readonly messages: readonly {
    readonly id: string;
    readonly body: string;
    readonly groupId?: string;
    readonly receiveCount: number;
    readonly sentAt: number;
  }[];
}

/** The local SQS: standard queues, on the wire and in process. Unknown queues throw `QueueDoesNotExist`. */
export interface Sqs extends LocalService {
  /** Creates a queue; its dead-letter queue must exist. */
  createQueue(settings: QueueSettings): { readonly arn: string; readonly url: string };
  /** Sends as a service of the cloud does, and gives the message id. */
  send(queueArn: string, body: string, options?: SendOptions): string;
  /** Resolves as soon as a message is visible; with nothing when the wait is over, aborted, or SQS closes. */
  receive(queueArn: string, request: ReceiveRequest): Promise<readonly Message[]>;
  delete(queueArn: string, receiptHandle: string): void;
  inspect(queueArn: string): QueueContents;
  /** Makes delivery as bad as at-least-once allows, on all queues; `{}` makes it good again. */
  setDelivery(delivery: Delivery): void;
  /** Answers all waiting consumers with nothing and sets no more timers. */
  close(): void;
}

export function createSqs(options: SqsOptions): Sqs {
  const { clock, account, region, newId = randomUUID } = options;
  const queues = new Map<string, Queue>();
  let delivery: Delivery = {};

  const arnOf = (name: string): string => `arn:aws:sqs:${region}:${account}:${name}`;
  const urlOf = (name: string): string => `${options.endpoint()}/${account}/${name}`;
  const byArn = (arn: string): Queue => {
    const queue = queues.get(arn);
    if (!queue) throw queueDoesNotExist();
    return queue;
  };

  return {
    name: 'sqs',
    target: 'AmazonSQS',
    contentType: 'application/x-amz-json-1.0',
    operations: createOperations({
      byUrl: (url) => {
        const [owner, name] = readQueueUrl(url);
        if (owner !== account) throw queueDoesNotExist();
        return byArn(arnOf(name));
      },
      urlOf: (name, owner = account) => {
        if (owner !== account) throw queueDoesNotExist();
        return urlOf(byArn(arnOf(name)).settings.name);
      },
    }),

    createQueue: (settings) => {
      const { redrive, ...rest } = readSettings(settings);
      const arn = arnOf(rest.name);
      if (queues.has(arn)) throw queueNameExists(rest.name);
      const to = redrive && queues.get(redrive.deadLetterArn);
      if (redrive && !to)
        throw invalidParameter('RedrivePolicy', redrive, 'Dead letter target does not exist.');
      queues.set(
        arn,
        new Queue({
          arn,
          settings: rest,
          redrive: redrive && to && { to, maxReceiveCount: redrive.maxReceiveCount },
          clock,
          newId,
          delivery: () => delivery,
        }),
      );
      return { arn, url: urlOf(rest.name) };
    },

    send: (queueArn, body, { groupId, attributes, sender = 'local' } = {}) =>
      byArn(queueArn).send({ body, groupId, attributes, sender }),
    receive: async (queueArn, request) => byArn(queueArn).receive(request),
    delete: (queueArn, receiptHandle) => byArn(queueArn).delete(receiptHandle),
    inspect: (queueArn) => inspect(byArn(queueArn)),
    setDelivery: (next) => void (delivery = next),
    close: () => {
      for (const queue of queues.values()) queue.close();
    },
  };
}

function inspect(queue: Queue): QueueContents {
  const counts = { visible: 0, inFlight: 0, delayed: 0 };
  const messages = queue.stored().map(({ state, id, body, groupId, receiveCount, sentAt }) => {
    counts[state] += 1;
    return { id, body, ...(groupId !== undefined && { groupId }), receiveCount, sentAt };
  });
  return { ...counts, messages };
}

/** Account and name from `<any host>/<account>/<name>`: the SDK follows the URL's host, the gateway is one. */
function readQueueUrl(url: string): readonly [account: string, name: string] {
  const [, account, name] = /^https?:\/\/[^/]+\/(\d{12})\/([\w-]+)$/.exec(url) ?? [];
  if (!account || !name) throw invalidAddress(url);
  return [account, name];
}
