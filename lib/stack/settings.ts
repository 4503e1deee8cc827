import * as z from 'zod';
import { readRules } from '../connectors/egress/policy.ts';
import { EgressError } from '../connectors/egress/egress-error.ts';
import { type EgressRule, environment, type Sender } from '../wire/environment.ts';

/** What an operator decides before a deploy; written as CDK context. */
export interface Settings {
  /** Who may announce facts on the bus. */
  readonly senders: readonly Sender[];
  /** Hosts outside the public internet that connectors may reach. */
  readonly egress: readonly EgressRule[];
  /** Tells deployments apart: it becomes the tag `rescind:stage`. */
  readonly stage: string;
}

const defaults = {
  senders: [{ source: 'bank.consents' }, { source: 'bank.tokens' }, { source: 'aggregator.tokens' }],
  egress: [],
  stage: 'dev',
} satisfies Settings;

const examples = {
  senders: '[{"account":"111122223333","source":"bank.consents"}]',
  egress: '[{"host":"auth.bank.internal","addresses":["10.0.0.0/8"]}]',
  stage: 'prod',
} satisfies Record<keyof Settings, string>;

const stage = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,15}$/, 'must be 1 to 16 lower-case letters, digits and hyphens');

// the events of the stack itself never come back in (the rule on the bus leaves them out)
const foreign = z.array(
  z.object({ source: z.string().refine((source) => source !== 'rescind', 'must not be "rescind"') }).loose(),
);

/** As the functions will read them: a rule that they cannot read would refuse every call. */
const readable = z.custom<Settings['egress']>().superRefine((egress, context) => {
  try {
    readRules(egress);
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    context.addIssue(error.message);
  }
});

/**
 * Reads the settings from CDK context, given as JSON in cdk.json or as text by `-c name=value`.
 * Throws an error that names the setting and says what to write.
 */
export function readSettings(context: (name: keyof Settings) => unknown): Settings {
  const senders = read('senders', environment.shape.RESCIND_SENDERS, context, asText);
  read('senders', foreign, () => senders, asIs);
  const egress = read('egress', environment.shape.RESCIND_EGRESS, context, asText);
  return {
    senders,
    egress: read('egress', readable, () => egress, asIs),
    stage: read('stage', stage, context, asIs),
  };
}

function read<Schema extends z.ZodType>(
  name: keyof Settings,
  schema: Schema,
  context: (name: keyof Settings) => unknown,
  prepare: (value: unknown) => unknown,
): z.output<Schema> {
  const value = context(name) ?? defaults[name];
  const result = schema.safeParse(prepare(value));
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`);
  throw new Error(
    `The setting "${name}" is not usable: ${issues.join('; ')}. ` +
      `Write it in cdk.json under "context", or give -c ${name}='${examples[name]}'.`,
  );
}

/** The functions read these settings as JSON text: the schema that they use is the one asked here. */
function asText(value: unknown): unknown {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function asIs(value: unknown): unknown {
  return value;
}
