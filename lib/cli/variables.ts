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

/** Reads variables that a command needs. Throws `CommandFailed` (usage) that names each missing or invalid one. */
export function required<Name extends Variable>(...names: readonly Name[]): Readonly<Record<Name, string>> {
  const values = names.map((name) => [name, variables.shape[name].safeParse(process.env[name])] as const);
  const wrong = values.filter(([, { success }]) => !success).map(([name]) => name);
  if (wrong.length > 0)
    throw new CommandFailed(
      'usage',
      `set ${wrong.join(', ')}: the outputs of the stack have the same names, such as ${outputOf(wrong[0] ?? '')}`,
    );
  return Object.fromEntries(values.map(([name, { data }]) => [name, data])) as Record<Name, string>;
}

/** Reads an optional variable; undefined if it is not set. Throws `CommandFailed` (usage) if it is invalid. */
export const given = (name: Variable): string | undefined =>
  process.env[name] ? required(name)[name] : undefined;

/** Returns the region of the stack, from AWS_REGION or AWS_DEFAULT_REGION; the SDK itself reads only the first. */
export function requiredRegion(): string {
  const region = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'];
  if (region) return region;
  throw new CommandFailed('usage', 'set AWS_REGION: the region that the stack is deployed in');
}

/** Returns the output of a variable: `RESCIND_CASES_TABLE` is `RescindCasesTable`. */
const outputOf = (name: string): string =>
  name
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
