import * as z from 'zod';
import type { Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';
import { retryPolicy } from './properties.ts';

const ruleProperties = z.object({
  EventBusName: z.string(),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z.array(
    z.object({
      Id: z.string(),
      Arn: z.string(),
      DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
      RetryPolicy: retryPolicy.optional(),
    }),
  ),
});

export function makeBuses(stack: Stack, { events }: Services): void {
  for (const { name } of stack.of('AWS::Events::EventBus')) events.createBus(name);
  for (const { name, properties } of stack.of('AWS::Events::Rule')) {
    const { EventBusName, EventPattern, State, Targets } = ruleProperties.parse(properties);
    events.createRule({
      bus: EventBusName,
      name,
      pattern: EventPattern,
      state: State,
      targets: Targets.map(({ Id, Arn, DeadLetterConfig, RetryPolicy }) => ({
        id: Id,
        arn: Arn,
        ...(DeadLetterConfig && { deadLetterArn: DeadLetterConfig.Arn }),
        ...(RetryPolicy && {
          retry: {
            ...(RetryPolicy.MaximumRetryAttempts !== undefined && {
              maximumRetryAttempts: RetryPolicy.MaximumRetryAttempts,
            }),
            ...(RetryPolicy.MaximumEventAgeInSeconds !== undefined && {
              maximumEventAgeInSeconds: RetryPolicy.MaximumEventAgeInSeconds,
            }),
          },
        }),
      })),
    });
  }
}
