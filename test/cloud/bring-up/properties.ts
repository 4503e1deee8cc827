import * as z from 'zod';

/** A number, also where CloudFormation was given text. */
export const number = z.coerce.number();

/** The retry policy of a rule's or a schedule's target. */
export const retryPolicy = z.object({
  MaximumRetryAttempts: number.optional(),
  MaximumEventAgeInSeconds: number.optional(),
});
