import type * as z from 'zod';
import { egress } from './egress.ts';
import { limits } from './limits.ts';
import { alarmAddress, anchorAccount, stage } from './plain.ts';
import { retention } from './retention.ts';
import { senders } from './senders.ts';
import type { Setting } from './setting.ts';
import { targets } from './targets.ts';

/** Every setting, by its name in the CDK context. */
const settings = { stage, senders, alarmAddress, targets, limits, retention, egress, anchorAccount };

type Name = keyof typeof settings;

/** What an operator decides before a deploy. */
export type Settings = { readonly [Key in Name]: z.output<(typeof settings)[Key]['schema']> };

/** Context keys of the CDK and its command line that look like ours. */
const notOurs: readonly string[] = ['cli-telemetry', 'tree'];

/**
 * Reads the settings from CDK context. Throws an error that names each setting that is not usable and says what to write, and each
 * key that is none: a setting that is misspelled would hold for nothing.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const problems = Object.keys(context).flatMap((key) => strayKey(key) ?? []);
  const read = Object.entries<Setting<z.ZodType>>(settings).map(([name, { schema, byDefault, example }]) => {
    const result = schema.safeParse(context[name] ?? byDefault);
    if (!result.success) problems.push(problemOf(name, result.error, example));
    return [name, result.data] as const;
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return Object.fromEntries(read) as Settings;
}

// keys of the CDK hold a colon, a slash or an at-sign: aws:cdk:..., @aws-cdk/core:...
function strayKey(key: string): string | undefined {
  if (Object.hasOwn(settings, key) || notOurs.includes(key) || /[:/@]/.test(key)) return undefined;
  return `"${key}" is no setting. The settings are ${Object.keys(settings).join(', ')}.`;
}

function problemOf(name: string, error: z.ZodError, example: string): string {
  const issues = error.issues.map(({ path, message }) => `${[name, ...path].join('.')}: ${message}`);
  return (
    `The setting "${name}" is not usable: ${issues.join('; ')}. ` +
    `Write it in cdk.json under "context", or give -c ${name}='${example}'.`
  );
}
