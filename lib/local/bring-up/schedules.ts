import * as z from 'zod';
import type { Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';
import { retryPolicy } from './properties.ts';

const scheduleProperties = z.object({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.object({
    Arn: z.string(),
    Input: z.string().optional(),
    RetryPolicy: retryPolicy.optional(),
  }),
});

/** Gives the schedules by the function that they run. */
export function makeSchedules(stack: Stack, { scheduler }: Services): ReadonlyMap<string, string> {
  const byTarget = new Map<string, string>();
  for (const { name, arn, properties } of stack.of('AWS::Scheduler::Schedule')) {
    const { ScheduleExpression, State, Target } = scheduleProperties.parse(properties);
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = Target.RetryPolicy ?? {};
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
    });
    byTarget.set(Target.Arn, name);
  }
  return byTarget;
}
