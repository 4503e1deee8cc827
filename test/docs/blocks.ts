import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import type { TemplateResource } from '../stack/unbundled.ts';
import { environmentOf } from '../../lib/wire/environment.ts';
import { concurrencyOf, severalAtOnce, unreservedMin } from './concurrency.ts';
import { dollarsOf, idleCost, idleHour } from './idle-cost.ts';
import { quotasOf } from './quotas.ts';

type Resources = Readonly<Record<string, TemplateResource>>;

/** The page with each block between `<!-- name -->` and `<!-- /name -->` as the template has it, formatted. */
export async function withBlocks(page: string, resources: Resources): Promise<string> {
  let made = page;
  for (const [name, block] of Object.entries(blocks))
    made = made.replace(
      new RegExp(`<!-- ${name} -->.*<!-- /${name} -->`, 's'),
      // a function: a dollar sign in text would be a pattern
      () => `<!-- ${name} -->\n\n${block(resources)}\n\n<!-- /${name} -->`,
    );
  return format(made, { ...(await resolveConfig('lib/stack/DEPLOY.md')), parser: 'markdown' });
}

/** What the page has of the template, by the name of its block. */
export const blocks: Readonly<Record<string, (resources: Resources) => string>> = {
  alarms: alarmTable,
  retained: retainedTable,
  deployer: deployerTable,
  cost: costTable,
  concurrency: concurrencySentence,
  quotas: quotaTable,
};

/** Alarms that say the same of one function each are one row. */
function alarmTable(resources: Resources): string {
  const counts = new Map<string, number>();
  for (const [, { Properties }] of ofType(resources, 'AWS::CloudWatch::Alarm')) {
    const said = textOf(Properties['AlarmDescription'])
      .replace(/\b[a-z-]+(, [a-z-]+){2,}/, 'many functions')
      .replace(functions, 'FUNCTION')
      .replace(/\w+(Logs|Function|Schedule|Queue)\b/g, (_, kind: string) => kind.toUpperCase());
    counts.set(said, (counts.get(said) ?? 0) + 1);
  }
  return table(
    ['alarms', 'what whoever is woken reads'],
    [...counts].map(([said, count]) => [String(count), said]),
  );
}

const functions = new RegExp(Object.keys(environmentOf).join('|'));

/** A text of the template with names in place of references. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join } = value as {
    readonly Ref?: string;
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  };
  return join ? join[1].map(textOf).join(join[0]) : plainId(Ref ?? '');
}

function retainedTable(resources: Resources): string {
  const types = [...new Set(Object.values(resources).map(({ Type }) => Type))].toSorted();
  const rows = types.flatMap((type) => {
    const kept = ofType(resources, type).filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain');
    return kept.length === 0 ? [] : [[code(type), kept.map(([id]) => plainId(id)).join(', ')]];
  });
  return table(['stays', 'which'], rows);
}

export interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/** The two halves of what CloudFormation needs: one managed policy may have 6,144 characters. */
export const deployerPolicies = ['lib/stack/deployer/keeps.json', 'lib/stack/deployer/runs.json'] as const;

export const deployerStatements = (): readonly Statement[] =>
  deployerPolicies.flatMap(
    (path) =>
      (JSON.parse(readFileSync(path, 'utf8')) as { readonly Statement: readonly Statement[] }).Statement,
  );

/** The statement of a type bears its name: `AWS::SQS::Queue` is `SQSQueue`. */
export const sidOf = (type: string): string => type.split('::').slice(1).join('');

/** One of a type that is not about resources by their names has a word more: `EventsEventBusAnywhere`, `KMSKeyTags`. */
export const isOfType = (statement: Statement, type: string): boolean =>
  new RegExp(`^${sidOf(type)}(Anywhere|Tags)?$`).test(statement.Sid);

function deployerTable(resources: Resources): string {
  const types = [...new Set(Object.values(resources).map(({ Type }) => Type))].toSorted();
  const statements = deployerStatements();
  const rows = types.flatMap((type) => {
    const own = statements.filter((statement) => isOfType(statement, type));
    if (own.length === 0)
      throw new Error(`${type} has no statement ${sidOf(type)} in ${deployerPolicies.join(' or ')}`);
    const granted = own.map(({ Action, Resource }) => [actionNames(Action), onResources([Resource].flat())]);
    const byKey =
      type === 'AWS::KMS::Key' ? [[actionNames(keyDeployment(resources)), 'by their own policies']] : [];
    return [...granted, ...byKey].map(([actions = '', on = ''], index) => [
      index === 0 ? code(type) : '',
      index === 0 ? String(ofType(resources, type).length) : '',
      actions,
      on,
    ]);
  });
  return table(['type', 'how many', 'actions', 'on'], rows);
}

const actionNames = (actions: readonly string[]): string =>
  actions.map((action) => action.split(':')[1]).join(', ');
const onResources = (arns: readonly string[]): string =>
  arns.map((arn) => code(arn === '*' ? arn : arn.split(':').slice(5).join(':'))).join(', ');

/** What keys let the deploying role do: the same for each. */
function keyDeployment(resources: Resources): readonly string[] {
  const [actions] = ofType(resources, 'AWS::KMS::Key').map(([, { Properties }]) => {
    const { Statement } = Properties['KeyPolicy'] as { readonly Statement: readonly Statement[] };
    return Statement.find(({ Sid }) => Sid === 'Deploy')?.Action;
  });
  return actions ?? [];
}

/** What a new account is asked for before the first deploy. */
function concurrencySentence(resources: Resources): string {
  const { reserved, drained, others, needed } = concurrencyOf(resources);
  return (
    `This stack needs **${needed}**: ${reserved} that its functions reserve, and ${needed - reserved} that nobody reserved. Of these, ${drained} are for the drains, as \`limits\` lets them, ` +
    `and ${others} for the other functions (${severalAtOnce.names.map(code).join(' and ')} ${severalAtOnce.count} times at once, the rest once). It is never less than ${unreservedMin}, ` +
    `which [Lambda keeps from being reserved](https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html).`
  );
}

function costTable(resources: Resources): string {
  const rows = idleCost(Object.values(resources), idleHour);
  const total = rows.reduce((sum, row) => sum + dollarsOf(row), 0);
  return table(
    ['a month', 'how many', 'counted by', 'list price', 'dollars'],
    [
      ...rows.map((row) => [
        `[${row.what}](${row.page})`,
        row.count.toLocaleString('en-GB', { maximumFractionDigits: 2 }),
        row.from,
        `${row.price}${row.per === 1 ? '' : ` for ${row.per.toLocaleString('en-GB')}`}`,
        dollarsOf(row).toFixed(2),
      ]),
      ['**sum**', '', '', '', `**${total.toFixed(2)}**`],
    ],
  );
}

function quotaTable(resources: Resources): string {
  return table(
    ['quota', 'AWS says', 'here'],
    quotasOf(resources).map(({ what, limit, ours, page }) => [`[${what}](${page})`, limit, ours]),
  );
}

const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);
const code = (text: string): string => `\`${text}\``;

/** Without the hash that the CDK adds, and without what only the construct is called. */
const plainId = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '-'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
