import * as z from 'zod';
import type { Authorization, Directory, Needs } from '../../language/authorization.ts';

const onQueue = z.object({ QueueUrl: z.string() });
const byName = z.object({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() });

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 * There are no actions for batches: SendMessageBatch was refused with "not authorized to perform: sqs:sendmessage"
 * (https://github.com/aws/serverless-application-model/issues/3633).
 */
export const sqsNeeds: Needs = {
  SendMessage: needs('SendMessage'),
  SendMessageBatch: needs('SendMessage'),
  ReceiveMessage: needs('ReceiveMessage'),
  DeleteMessage: needs('DeleteMessage'),
  DeleteMessageBatch: needs('DeleteMessage'),
  ChangeMessageVisibility: needs('ChangeMessageVisibility'),
  ChangeMessageVisibilityBatch: needs('ChangeMessageVisibility'),
  GetQueueAttributes: needs('GetQueueAttributes'),
  GetQueueUrl: (input, { account, region }) => {
    const { QueueName, QueueOwnerAWSAccountId = account } = byName.parse(input);
    return [toQueue('GetQueueUrl', `arn:aws:sqs:${region}:${QueueOwnerAWSAccountId}:${QueueName}`)];
  },
  PurgeQueue: needs('PurgeQueue'),
};

/** The ARN of a queue by its URL. Throws for what is no URL of a queue. */
export function queueArnOf(url: string, region: string): string {
  const [, account, name] = /^https?:\/\/[^/]+\/(\d{12})\/([\w.-]+)$/.exec(url) ?? [];
  if (!account || !name)
    throw new Error(`${url} is no URL of a queue: http(s)://<host>/<account>/<name> is one`);
  return `arn:aws:sqs:${region}:${account}:${name}`;
}

function needs(action: string) {
  return (input: unknown, { region }: Directory): readonly Authorization[] => [
    toQueue(action, queueArnOf(onQueue.parse(input).QueueUrl, region)),
  ];
}

function toQueue(action: string, resource: string): Authorization {
  return { action: `sqs:${action}`, resource, context: new Map() };
}
