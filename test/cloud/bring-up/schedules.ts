import * as z from 'zod';
import type { Stack } from '../cloudformation/read-stack.ts';
import { assumeBySchedule, buryBySchedule, invokeBySchedule } from '../iam/needs/acting-services.ts';
import type { Enforcement } from '../iam/enforcement.ts';
import type { Services } from '../services.ts';
import { stringAttributes } from '../services/sqs/message-attributes.ts';
import { retryPolicy } from './properties.ts';

const scheduleProperties = z.object({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  GroupName: z.string().default('default'),
  Target: z.object({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().optional(),
    RetryPolicy: retryPolicy.optional(),
    DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
  }),
});

/** Gives the schedules by the function that they run. */
export function makeSchedules(
  stack: Stack,
  { scheduler, sqs }: Pick<Services, 'scheduler' | 'sqs'>,
  enforcement: Pick<Enforcement, 'allows' | 'demand'>,
): ReadonlyMap<string, string> {
  const byTarget = new Map<string, string>();
  for (const { name, arn, properties } of stack.of('AWS::Scheduler::Schedule')) {
    const { ScheduleExpression, State, GroupName, Target } = scheduleProperties.parse(properties);
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = Target.RetryPolicy ?? {};
    const deadLetters = Target.DeadLetterConfig?.Arn;
    const groupArn = arn.replace(/:schedule\/.*$/, `:schedule-group/${GroupName}`);
    const assumed = assumeBySchedule(Target.RoleArn, groupArn);
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
      mayDeliver: () => enforcement.demand('lambda', [assumed, invokeBySchedule(Target.RoleArn, Target.Arn)]),
      ...(deadLetters !== undefined && {
        bury: ({ body, attributes }) => {
          // what may not be buried is lost, as on AWS
          if (!enforcement.allows([assumed, buryBySchedule(Target.RoleArn, deadLetters)])) return;
          sqs.send(deadLetters, body, { attributes: stringAttributes(attributes), sender: 'scheduler' });
        },
      }),
    });
    byTarget.set(Target.Arn, name);
  }
  return byTarget;
}
