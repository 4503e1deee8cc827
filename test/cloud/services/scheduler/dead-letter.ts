import { type Run, renderInput } from './schedule-input.ts';

/** Which end of its retry policy an event came to. */
export type Exhausted = 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';

/** What a schedule leaves in its dead-letter queue. */
export interface DeadLetter {
  readonly body: string;
  /** String attributes of the message. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * The dead letter of a run that was given up. The attributes are those of EventBridge Scheduler User Guide, "Configuring a
 * schedule's dead-letter queue"; the body there is the whole request to the target, here what the target would have got.
 */
export function deadLetterOf(
  schedule: { readonly input?: string; readonly targetArn: string },
  run: Run,
  error: unknown,
  exhausted: Exhausted,
): DeadLetter {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return {
    body: JSON.stringify(renderInput(schedule.input, run)),
    attributes: {
      SCHEDULE_ARN: run.arn,
      TARGET_ARN: schedule.targetArn,
      SCHEDULED_TIME: new Date(run.scheduledAt).toISOString(),
      EXECUTION_ID: run.executionId,
      ERROR_CODE: name,
      // SQS takes no attribute without a value
      ERROR_MESSAGE: message || name,
      EXHAUSTED_RETRY_CONDITION: exhausted,
      RETRY_ATTEMPTS: String(run.attempt - 1),
      IS_PAYLOAD_TRUNCATED: 'false',
    },
  };
}
