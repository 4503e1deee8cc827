import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { parsedText, setting } from './setting.ts';

/** CloudWatch Logs takes no other; 9999 stands for "never" in the CDK, and logs that never end are no decision. */
const offered = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** How long logs are kept. Evidence is in the ledger, which nothing expires. */
export const retention = setting({
  schema: z.preprocess(
    parsedText,
    z.strictObject({
      logDays: z
        .custom<RetentionDays>((days) => offered.includes(days as RetentionDays), {
          error: `must be one of ${offered.join(', ')}`,
        })
        .default(RetentionDays.ONE_YEAR),
    }),
  ),
  byDefault: {},
  example: '{"logDays":365}',
});
