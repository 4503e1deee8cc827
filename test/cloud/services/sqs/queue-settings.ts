import * as z from 'zod';

/** The part of `AWS::SQS::Queue` that the local queues know; ranges and defaults as in CreateQueue. */
const settingsSchema = z.strictObject({
  name: z.string().regex(/^[\w-]{1,80}$/, 'a standard queue: 1 to 80 letters, digits, hyphens, underscores'),
  visibilityTimeoutSeconds: z.int().min(0).max(43_200).default(30),
  messageRetentionSeconds: z.int().min(60).max(1_209_600).default(345_600),
  delaySeconds: z.int().min(0).max(900).default(0),
  redrive: z
    .strictObject({ deadLetterArn: z.string(), maxReceiveCount: z.int().min(1).max(1000) })
    .optional(),
});

export interface QueueSettings {
  readonly name: string;
  /** @default 30 */
  readonly visibilityTimeoutSeconds?: number | undefined;
  /** @default 345600, which is four days */
  readonly messageRetentionSeconds?: number | undefined;
  /** @default 0 */
  readonly delaySeconds?: number | undefined;
  /** @default messages are received until retention ends */
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
}

/** Settings with nothing left open. */
export type CompleteSettings = Readonly<z.infer<typeof settingsSchema>>;

/** The settings with their defaults; throws when SQS would not create such a queue. */
export function readSettings(settings: QueueSettings): CompleteSettings {
  return settingsSchema.parse(settings);
}
