import * as z from 'zod';
import { AwsError } from '../../service.ts';

const targetSchema = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,64}$/),
  arn: z.string().min(1),
  input: z.string().refine(isJson, 'must be JSON text').optional(),
  inputPath: z
    .string()
    .regex(/^\$(\.[\w-]+)*$/, 'the local cloud knows paths like $.detail.id')
    .optional(),
  deadLetterArn: z.string().optional(),
  retry: z
    .strictObject({
      maximumRetryAttempts: z.int().min(0).max(185).optional(),
      maximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
    })
    .optional(),
  sqsMessageGroupId: z.string().optional(),
});

const ruleSchema = z.strictObject({
  bus: z.string().min(1),
  name: z.string().regex(/^[\w.-]{1,64}$/),
  pattern: z.unknown(),
  state: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  // EventBridge quota: five targets per rule.
  targets: z.array(targetSchema).max(5),
});

export interface TargetSettings {
  readonly id: string;
  readonly arn: string;
  /** JSON text that the target gets instead of the event. */
  readonly input?: string | undefined;
  /** The part of the event that the target gets: `$.detail`. */
  readonly inputPath?: string | undefined;
  /** @default an event that cannot be delivered is lost */
  readonly deadLetterArn?: string | undefined;
  /** @default 185 tries, 24 hours */
  readonly retry?:
    | {
        readonly maximumRetryAttempts?: number | undefined;
        readonly maximumEventAgeInSeconds?: number | undefined;
      }
    | undefined;
  readonly sqsMessageGroupId?: string | undefined;
}

export interface RuleSettings {
  /** Name or ARN of a bus that exists. */
  readonly bus: string;
  readonly name: string;
  /** The event pattern as a JSON value, not as text. */
  readonly pattern: unknown;
  /** @default 'ENABLED' */
  readonly state?: 'ENABLED' | 'DISABLED' | undefined;
  readonly targets: readonly TargetSettings[];
}

/** Settings with nothing left open. */
export type CompleteRule = Readonly<z.infer<typeof ruleSchema>>;

/** Throws `ValidationException` when EventBridge, or its local stand-in, would not take such a rule. */
export function readRule(settings: RuleSettings): CompleteRule {
  const parsed = ruleSchema.safeParse(settings);
  if (!parsed.success) throw refuse(settings, z.prettifyError(parsed.error));
  const { targets } = parsed.data;
  if (new Set(targets.map(({ id }) => id)).size < targets.length)
    throw refuse(settings, 'Target ids must differ.');
  if (targets.some(({ input, inputPath }) => input !== undefined && inputPath !== undefined))
    throw refuse(settings, 'Only one of Input and InputPath may be given.');
  return parsed.data;
}

function refuse(settings: RuleSettings, reason: string): AwsError {
  return new AwsError('ValidationException', `Rule ${settings.name}: ${reason}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
