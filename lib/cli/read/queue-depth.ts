import { GetQueueAttributesCommand, type QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import { requiredRegion } from '../variables.ts';

/** In the queue, being worked on, and not to be seen yet. */
const depths = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const satisfies readonly QueueAttributeName[];

/** About how many messages a queue holds: SQS counts eventually. */
export async function queueDepth(url: string): Promise<number> {
  const client = new SQSClient({ maxAttempts: 3, region: requiredRegion() });
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...depths] }),
  );
  return depths.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
