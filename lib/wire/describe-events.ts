import type * as z from 'zod';
import { eventsIn } from './events-in.ts';
import { eventsOut } from './events-out.ts';
import { meaningsIn, meaningsOut } from './meanings.ts';
import { type Form, type Member, membersOf } from './members.ts';

/** Schemas by detail-type. */
export type Events = Readonly<Record<string, z.ZodType>>;

/** What each member means, by its path. */
export type Meanings = Readonly<Record<string, string>>;

/** The blocks of `EVENTS.md`, by the name in their markers. */
const blocks = {
  'events-in': () =>
    `Rescind reads these members and ignores all others. \`null\` in a member that is not required means that it is absent. In a
` +
    `time, \`t\` and \`z\` may be lower-case, and a leap second counts as the second after it:

${describeEvents(eventsIn, meaningsIn)}`,
  'events-out': () => `These are all members that leave:

${describeEvents(eventsOut, meaningsOut)}`,
};

/** A page with its tables of events made anew from the schemas; each stands between `<!-- name -->` and `<!-- /name -->`. */
export function withTables(page: string): string {
  return Object.entries(blocks).reduce((text, [name, describe]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [before, , ...more] = text.split(begin);
    const [, after] = text.split(end);
    if (before === undefined || after === undefined || more.length > 0)
      throw new Error(`the page needs ${begin} and ${end}, once each, on lines of their own`);
    return `${before}${begin}\n\n${describe()}\n\n${end}${after}`;
  }, page);
}

/** One table, a row for each member; what events of one noun share has one row. Throws for a member without a meaning. */
export function describeEvents(events: Events, meanings: Meanings): string {
  return table([
    ['detail-type', 'member', 'form', 'required', 'meaning'],
    ...shared(events).map(({ types, member }) => [
      types,
      `\`${member.path}\``,
      inWords(member.form),
      demand(member),
      meaningOf(member.path, meanings),
    ]),
  ]);
}

/** The members that are values: what an object holds speaks for it. */
export const valuesOf = (schema: z.ZodType): readonly Member[] =>
  membersOf(schema).filter(({ form }) => !form.properties && !form.oneOf && !isListOfObjects(form));

const isListOfObjects = ({ items }: Form): boolean => items?.properties !== undefined;

const nounOf = (type: string): string => type.split(' ')[0] ?? type;

/** Members that are the same in events of one noun together, and first those that every event has. */
function shared(events: Events): readonly { readonly types: string; readonly member: Member }[] {
  const all = Object.entries(events).flatMap(([type, schema]) =>
    valuesOf(schema).map((member) => ({ type, member, key: JSON.stringify(member) })),
  );
  const typesOf = new Map<string, string[]>();
  for (const { key, type } of all) typesOf.set(key, [...(typesOf.get(key) ?? []), type]);
  const rows = new Map<string, { types: string; member: Member }>();
  for (const noun of ['', ...new Set(Object.keys(events).map(nounOf))])
    for (const { type, member, key } of all) {
      const types = typesOf.get(key) ?? [];
      const common = types.length === Object.keys(events).length;
      if (common ? noun === '' : nounOf(type) === noun)
        rows.set(`${common ? '' : noun} ${key}`, {
          types: common ? 'every one' : named(noun, types),
          member,
        });
    }
  return [...rows.values()];
}

/** `Consent Granted, Withdrawn`. */
const named = (noun: string, types: readonly string[]): string =>
  types
    .filter((type) => nounOf(type) === noun)
    .join(', ')
    .replaceAll(`, ${noun} `, ', ');

function demand({ required, within, where }: Member): string {
  if (!required) return 'no';
  if (where) return `where \`${where.member}\` is ${either(where.is)}`;
  return within === undefined ? 'yes' : `with \`${within}\``;
}

function meaningOf(path: string, meanings: Meanings): string {
  const meaning = Object.hasOwn(meanings, path) ? meanings[path] : undefined;
  if (meaning === undefined) throw new Error(`${path} has no meaning: write it into lib/wire/meanings.ts`);
  return meaning;
}

/** Type, format and limits of a value. */
function inWords(form: Form): string {
  if (form.const !== undefined) return `\`${form.const}\``;
  if (form.enum) return either(form.enum);
  if (form.type === 'integer') return `integer, ${between(form.minimum, form.maximum)}`;
  if (form.items)
    return `list${form.maxItems === undefined ? '' : ` of at most ${form.maxItems}`}: ${inWords(form.items)}`;
  if (form.type !== 'string') throw new Error(`no words for ${JSON.stringify(form)}`);
  const { description, minLength, maxLength } = form;
  const length =
    minLength === undefined && maxLength === undefined ? [] : [`${between(minLength, maxLength)} characters`];
  return [description ?? 'string', ...length].join(', ');
}

function between(min: number | undefined, max: number | undefined): string {
  if (max === undefined || max === Number.MAX_SAFE_INTEGER) return `${min ?? 0} or more`;
  return min === undefined ? `at most ${max}` : `${min} to ${max}`;
}

function either(words: readonly string[]): string {
  const coded = words.map((word) => `\`${word}\``);
  return [coded.slice(0, -1).join(', '), coded.at(-1)].filter(Boolean).join(' or ');
}

/** A Markdown table as Prettier lays it out. */
function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', String.raw`\|`)));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
