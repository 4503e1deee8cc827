import * as z from 'zod';
import type { Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';
import { number } from './properties.ts';

const queueProperties = z.object({
  VisibilityTimeout: number.optional(),
  MessageRetentionPeriod: number.optional(),
  DelaySeconds: number.optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: number }).optional(),
});

/** Queues that others redrive to come first. */
export function makeQueues(stack: Stack, { sqs }: Services): void {
  const queues = stack
    .of('AWS::SQS::Queue')
    .map(({ name, properties }) => ({ name, ...queueProperties.parse(properties) }));
  for (const queue of queues.toSorted(
    (a, b) => Number(a.RedrivePolicy !== undefined) - Number(b.RedrivePolicy !== undefined),
  )) {
    const { VisibilityTimeout, MessageRetentionPeriod, DelaySeconds, RedrivePolicy } = queue;
    sqs.createQueue({
      name: queue.name,
      ...(VisibilityTimeout !== undefined && { visibilityTimeoutSeconds: VisibilityTimeout }),
      ...(MessageRetentionPeriod !== undefined && { messageRetentionSeconds: MessageRetentionPeriod }),
      ...(DelaySeconds !== undefined && { delaySeconds: DelaySeconds }),
      ...(RedrivePolicy && {
        redrive: {
          deadLetterArn: RedrivePolicy.deadLetterTargetArn,
          maxReceiveCount: RedrivePolicy.maxReceiveCount,
        },
      }),
    });
  }
}
