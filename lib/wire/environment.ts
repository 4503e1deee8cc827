import * as z from 'zod';

/** One host outside the public internet that connectors may reach. */
export const egressRule = z.strictObject({
  /** `host` or `host:port`, compared exactly with the URL's host; the port is 443 where none is given. */
  host: z.string().min(1),
  /** CIDR blocks that this host may resolve to. */
  addresses: z.array(z.string()).min(1),
  /** PEM certificate(s) that alone vouch for this host; absent: the public roots. */
  ca: z.string().optional(),
});

export type EgressRule = z.infer<typeof egressRule>;

/** Of whom a source may tell: of these, or of everybody. */
const scope = z.union(
  [
    z.literal('*'),
    z.array(
      z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces'),
    ),
  ],
  {
    error: 'must be "*", or a list of ids',
  },
);

/** Who may announce facts on the bus, and about whom. */
export const sender = z.strictObject({
  /** AWS account of the sender; absent: the account of the function. */
  account: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  /** EventBridge source. */
  source: z.string().min(1),
  /** Partners whose consents and credentials it tells of. */
  partners: scope,
  /** Authorities whose credentials it tells of. */
  authorities: scope,
});

export type Sender = z.infer<typeof sender>;

/** How long a withdrawal may take until its fence is committed, and until all is proven dead. */
const target = z.strictObject({
  effectSeconds: z.int().min(10).max(86_400),
  completeMinutes: z.int().min(2).max(43_200),
});

/** Under which rules a partner is supervised, such as `cdr`. */
export const regimeName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be 1 to 32 lower-case letters, digits and hyphens');

/** Each has alarms of its own, and all are in the environment of two functions. */
const regimesMax = 20;

/** By regime; `default` is that of partners who are registered with none. */
export const targets = z
  .record(regimeName, target)
  .refine((all) => Object.keys(all).length <= regimesMax, `must be ${regimesMax} regimes at most`)
  .refine((all) => Object.hasOwn(all, 'default'), 'must have "default", for partners without a regime');

export type Targets = z.infer<typeof targets>;

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('must be JSON');
        return z.NEVER;
      }
    })
    .pipe(schema);

/** Every variable that a function or the command line may read, once. */
export const environment = z.object({
  RESCIND_REGISTRY_TABLE: z.string().min(1),
  RESCIND_FENCES_TABLE: z.string().min(1),
  RESCIND_CASES_TABLE: z.string().min(1),
  RESCIND_LEDGER_TABLE: z.string().min(1),
  /** KMS key that signs checkpoints: an ARN. */
  RESCIND_LEDGER_KEY: z.string().min(1),
  /** The name of the ledger in its checkpoints; never changes. */
  RESCIND_LEDGER_ORIGIN: z.string().min(1),
  RESCIND_BUS: z.string().min(1),
  RESCIND_PLANS_QUEUE_URL: z.url(),
  RESCIND_OBLIGATIONS_QUEUE_URL: z.url(),
  RESCIND_REJECTED_QUEUE_URL: z.url(),
  RESCIND_SIGNALS_QUEUE_URL: z.url(),
  RESCIND_EXHAUSTED_QUEUE_URL: z.url(),
  /** The function that Secrets Manager calls to rotate: an ARN. */
  RESCIND_ROTATE_FUNCTION: z.string().min(1),
  RESCIND_HANDLE_KEY_SECRET: z.string().min(1),
  RESCIND_FINGERPRINT_KEY_SECRET: z.string().min(1),
  /** JSON list of the hosts outside the public internet that connectors may reach; `[]`: none. */
  RESCIND_EGRESS: json(z.array(egressRule)),
  /** JSON list of the senders whose events are heard. */
  RESCIND_SENDERS: json(z.array(sender).min(1)),
  /** Tells deployments apart in metrics. */
  RESCIND_STAGE: z.string().min(1),
  /** JSON map of how long a withdrawal may take, by regime. */
  RESCIND_TARGETS: json(targets),
});

const pick = <Name extends keyof typeof environment.shape>(...names: readonly Name[]) =>
  z.object(
    Object.fromEntries(names.map((name) => [name, environment.shape[name]])) as unknown as Pick<
      typeof environment.shape,
      Name
    >,
  );

/** What each function reads; a construct has to fill exactly this. */
export const environmentOf = {
  'take-signal': pick(
    'RESCIND_REGISTRY_TABLE',
    'RESCIND_FENCES_TABLE',
    'RESCIND_CASES_TABLE',
    'RESCIND_LEDGER_TABLE',
    'RESCIND_BUS',
    'RESCIND_SIGNALS_QUEUE_URL',
    'RESCIND_PLANS_QUEUE_URL',
    'RESCIND_REJECTED_QUEUE_URL',
    'RESCIND_FINGERPRINT_KEY_SECRET',
    'RESCIND_SENDERS',
    'RESCIND_STAGE',
  ),
  'plan-case': pick(
    'RESCIND_REGISTRY_TABLE',
    'RESCIND_FENCES_TABLE',
    'RESCIND_CASES_TABLE',
    'RESCIND_LEDGER_TABLE',
    'RESCIND_BUS',
    'RESCIND_PLANS_QUEUE_URL',
    'RESCIND_OBLIGATIONS_QUEUE_URL',
    'RESCIND_STAGE',
  ),
  'work-obligations': pick(
    'RESCIND_REGISTRY_TABLE',
    'RESCIND_CASES_TABLE',
    'RESCIND_LEDGER_TABLE',
    'RESCIND_BUS',
    'RESCIND_OBLIGATIONS_QUEUE_URL',
    'RESCIND_HANDLE_KEY_SECRET',
    'RESCIND_FINGERPRINT_KEY_SECRET',
    'RESCIND_EGRESS',
    'RESCIND_STAGE',
  ),
  'expire-credentials': pick(
    'RESCIND_REGISTRY_TABLE',
    'RESCIND_FENCES_TABLE',
    'RESCIND_CASES_TABLE',
    'RESCIND_LEDGER_TABLE',
    'RESCIND_BUS',
    'RESCIND_PLANS_QUEUE_URL',
    'RESCIND_OBLIGATIONS_QUEUE_URL',
    'RESCIND_STAGE',
  ),
  operate: pick(
    'RESCIND_REGISTRY_TABLE',
    'RESCIND_FENCES_TABLE',
    'RESCIND_CASES_TABLE',
    'RESCIND_LEDGER_TABLE',
    'RESCIND_BUS',
    'RESCIND_PLANS_QUEUE_URL',
    'RESCIND_EGRESS',
    'RESCIND_STAGE',
    'RESCIND_TARGETS',
  ),
  'rotate-due': pick(
    'RESCIND_REGISTRY_TABLE',
    'RESCIND_FENCES_TABLE',
    'RESCIND_CASES_TABLE',
    'RESCIND_LEDGER_TABLE',
    'RESCIND_BUS',
    'RESCIND_OBLIGATIONS_QUEUE_URL',
    'RESCIND_ROTATE_FUNCTION',
    'RESCIND_STAGE',
  ),
  'rotate-secret': pick(
    'RESCIND_REGISTRY_TABLE',
    'RESCIND_FENCES_TABLE',
    'RESCIND_CASES_TABLE',
    'RESCIND_LEDGER_TABLE',
    'RESCIND_BUS',
    'RESCIND_EGRESS',
    'RESCIND_STAGE',
  ),
  'chase-obligations': pick(
    'RESCIND_CASES_TABLE',
    'RESCIND_PLANS_QUEUE_URL',
    'RESCIND_OBLIGATIONS_QUEUE_URL',
  ),
  'measure-debts': pick(
    'RESCIND_REGISTRY_TABLE',
    'RESCIND_CASES_TABLE',
    'RESCIND_LEDGER_TABLE',
    'RESCIND_STAGE',
    'RESCIND_TARGETS',
  ),
  'seal-ledger': pick('RESCIND_LEDGER_TABLE', 'RESCIND_LEDGER_KEY', 'RESCIND_LEDGER_ORIGIN'),
  'send-events': pick('RESCIND_CASES_TABLE', 'RESCIND_BUS', 'RESCIND_STAGE'),
  // by the URLs of plans and obligations it knows what came from there; it sends nothing to them
  'return-exhausted': pick(
    'RESCIND_SIGNALS_QUEUE_URL',
    'RESCIND_EXHAUSTED_QUEUE_URL',
    'RESCIND_PLANS_QUEUE_URL',
    'RESCIND_OBLIGATIONS_QUEUE_URL',
  ),
  'keep-keys': pick(
    'RESCIND_REGISTRY_TABLE',
    'RESCIND_LEDGER_TABLE',
    'RESCIND_HANDLE_KEY_SECRET',
    'RESCIND_FINGERPRINT_KEY_SECRET',
  ),
} as const;

export type FunctionName = keyof typeof environmentOf;

/** The variables of one function as the stack writes them: text, complete. */
export type EnvironmentOf<Name extends FunctionName> = z.input<(typeof environmentOf)[Name]>;
