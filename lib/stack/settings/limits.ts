import * as z from 'zod';
import { parsedText, setting } from './setting.ts';

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency
const atOnce = z
  .int()
  .min(2, 'must be 2 to 1000, as Lambda has it')
  .max(1000, 'must be 2 to 1000, as Lambda has it');

/** How many invocations each queue may have at once, so that one flood does not take the whole account's. */
export const limits = setting({
  schema: z.preprocess(
    parsedText,
    z.strictObject({
      signalsAtOnce: atOnce.default(50),
      plansAtOnce: atOnce.default(20),
      obligationsAtOnce: atOnce.default(50),
    }),
  ),
  byDefault: {},
  example: '{"signalsAtOnce":50,"plansAtOnce":20,"obligationsAtOnce":50}',
});
