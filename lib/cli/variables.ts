import * as z from 'zod';
import { environment } from '../wire/environment.ts';
import { CommandFailed } from './output.ts';

const variables = environment
  .pick({
    RESCIND_REGISTRY_TABLE: true,
    RESCIND_FENCES_TABLE: true,
    RESCIND_CASES_TABLE: true,
    RESCIND_LEDGER_TABLE: true,
    RESCIND_LEDGER_KEY: true,
    RESCIND_LEDGER_ORIGIN: true,
    RESCIND_REJECTED_QUEUE_URL: true,
    RESCIND_EXHAUSTED_QUEUE_URL: true,
  })
  // an output of the stack that no function reads
  .extend({ RESCIND_OPERATE_URL: z.url() });

export type Variable = keyof typeof variables.shape;

/** Variables of the environment that a command cannot do without; names each that is missing or wrong. */
export function required<Name extends Variable>(...names: readonly Name[]): Readonly<Record<Name, string>> {
  const values = names.map((name) => [name, variables.shape[name].safeParse(process.env[name])] as const);
  const wrong = values.filter(([, { success }]) => !success).map(([name]) => name);
  if (wrong.length > 0)
    throw new CommandFailed(
      'usage',
      `set ${wrong.join(', ')}: the outputs of the stack bear the same names, as ${outputOf(wrong[0] ?? '')}`,
    );
  return Object.fromEntries(values.map(([name, { data }]) => [name, data])) as Record<Name, string>;
}

/** A variable that a command can do without; what is set has to be right. */
export const given = (name: Variable): string | undefined =>
  process.env[name] ? required(name)[name] : undefined;

/** The region that the stack is deployed in; of the two names, the SDK itself reads the first only. */
export function requiredRegion(): string {
  const region = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  if (region) return region;
  throw new CommandFailed('usage', 'set AWS_REGION: the region that the stack is deployed in');
}

/** `RESCIND_CASES_TABLE` is `RescindCasesTable`. */
const outputOf = (name: string): string =>
  name
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
