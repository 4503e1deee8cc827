import * as z from 'zod';
import type { Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';
import { stringAttributes } from '../services/sqs/message-attributes.ts';
import { retryPolicy } from './properties.ts';

const scheduleProperties = z.object({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.object({
    Arn: z.string(),
    Input: z.string().optional(),
    RetryPolicy: retryPolicy.optional(),
    DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
  }),
});

/** Gives the schedules by the function that they run. */
export function makeSchedules(
  stack: Stack,
  { scheduler, sqs }: Pick<Services, 'scheduler' | 'sqs'>,
): ReadonlyMap<string, string> {
  const byTarget = new Map<string, string>();
  for (const { name, arn, properties } of stack.of('AWS::Scheduler::Schedule')) {
    const { ScheduleExpression, State, Target } = scheduleProperties.parse(properties);
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = Target.RetryPolicy ?? {};
    const deadLetters = Target.DeadLetterConfig?.Arn;
    scheduler.createSchedule({
      name,
      arn,
      expression: ScheduleExpression,
      state: State,
      targetArn: Target.Arn,
      ...(Target.Input !== undefined && { input: Target.Input }),
      retry: {
        ...(MaximumRetryAttempts !== undefined && { retriesMax: MaximumRetryAttempts }),
        ...(MaximumEventAgeInSeconds !== undefined && { eventAgeSecondsMax: MaximumEventAgeInSeconds }),
      },
      ...(deadLetters !== undefined && {
        bury: ({ body, attributes }) =>
          void sqs.send(deadLetters, body, {
            attributes: stringAttributes(attributes),
            sender: 'scheduler',
          }),
      }),
    });
    byTarget.set(Target.Arn, name);
  }
  return byTarget;
}
