import { GetQueueAttributesCommand, type QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import { requiredRegion } from '../variables.ts';

/** Messages that wait, that are being worked on, and that are delayed. */
const depths = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const satisfies readonly QueueAttributeName[];

/** Returns the approximate number of messages in a queue: SQS counts with a delay. */
export async function queueDepth(url: string): Promise<number> {
  const client = new SQSClient({ maxAttempts: 3, region: requiredRegion() });
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...depths] }),
  );
  return depths.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
