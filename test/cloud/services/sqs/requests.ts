import * as z from 'zod';
import { messageAttributeSchema } from './message-attributes.ts';
import { invalidParameter, missingParameter } from './refusals.ts';

const queueUrl = z.string();
const delaySeconds = z.int().min(0).max(900);
const visibilityTimeout = z.int().min(0).max(43_200);
const names = z.array(z.string()).default([]);
const refused = z.never('The request include parameter that is not valid for this queue type').optional();

const message = z.object({
  MessageBody: z.string(),
  DelaySeconds: delaySeconds.optional(),
  MessageAttributes: z.record(z.string(), messageAttributeSchema).optional(),
  MessageGroupId: z.string().optional(),
  // For FIFO queues, or not needed here: saying so is better than losing them.
  MessageDeduplicationId: refused,
  MessageSystemAttributes: refused,
});

const receipt = z.object({ ReceiptHandle: z.string() });

/** Batch entries are read one by one, since a bad one fails alone. */
const batch = z.object({
  QueueUrl: queueUrl,
  Entries: z.array(z.looseObject({ Id: z.string() })).default([]),
});

/** The requests of the operations, as far as the local SQS knows them. */
export const requests = {
  onQueue: z.object({ QueueUrl: queueUrl }),
  batch,
  message,
  receipt,
  visibility: receipt.extend({ VisibilityTimeout: visibilityTimeout }),
  receive: z.object({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: z
      .int()
      .min(1, 'Must be between 1 and 10, if provided.')
      .max(10, 'Must be between 1 and 10, if provided.')
      .default(1),
    VisibilityTimeout: visibilityTimeout.optional(),
    WaitTimeSeconds: z.int().min(0).max(20, 'Must be >= 0 and <= 20, if provided.').default(0),
    AttributeNames: names,
    MessageSystemAttributeNames: names,
    MessageAttributeNames: names,
    ReceiveRequestAttemptId: refused,
  }),
  attributes: z.object({ QueueUrl: queueUrl, AttributeNames: names }),
  queueName: z.object({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() }),
} as const;

export type BatchEntry = Readonly<z.infer<typeof batch>['Entries'][number]>;

/** The input in the shape of the request; throws `MissingParameter` or `InvalidParameterValue`, as SQS does. */
export function readRequest<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const parameter = issue?.path.join('.') ?? '';
  if (issue?.input === undefined) throw missingParameter(parameter);
  throw invalidParameter(parameter, issue.input, issue.message);
}
