import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { describeEvents, type Events, valuesOf, withTables } from '../../lib/wire/describe-events.ts';
import { eventsIn } from '../../lib/wire/events-in.ts';
import { eventsOut } from '../../lib/wire/events-out.ts';
import { meaningsIn, meaningsOut } from '../../lib/wire/meanings.ts';

const pathsOf = (events: Events) =>
  [
    ...new Set(Object.values(events).flatMap((schema) => valuesOf(schema).map(({ path }) => path))),
  ].toSorted();

/** The rows of a table without its head: cells without the blanks round them. */
const rowsOf = (table: string) =>
  table
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );

describe('the tables in EVENTS.md', () => {
  const page = readFileSync('lib/wire/EVENTS.md', 'utf8');

  it('are what the schemas say: run npm run pages', () => {
    expect(page).toBe(withTables(page));
  });

  it('have a meaning for each member, and for nothing else', () => {
    expect(Object.keys(meaningsIn).toSorted()).toEqual(pathsOf(eventsIn));
    expect(Object.keys(meaningsOut).toSorted()).toEqual(pathsOf(eventsOut));
  });

  it('name every detail-type that the schemas know', () => {
    const named = (table: string) =>
      new Set(
        rowsOf(table).flatMap(([types = '']) => {
          const [noun = '', ...rest] = types.split(/,? /);
          return types === 'every one' ? [] : rest.map((verb) => `${noun} ${verb}`);
        }),
      );
    expect([...named(describeEvents(eventsIn, meaningsIn))].toSorted()).toEqual(
      Object.keys(eventsIn).toSorted(),
    );
    expect([...named(describeEvents(eventsOut, meaningsOut))].toSorted()).toEqual(
      Object.keys(eventsOut).toSorted(),
    );
  });
});

describe('the examples in EVENTS.md', () => {
  const page = readFileSync('lib/wire/EVENTS.md', 'utf8');
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, text = '']) => JSON.parse(text) as { source: string; 'detail-type': string; detail: object },
  );
  const of = (isOurs: boolean) => examples.filter(({ source }) => (source === 'rescind') === isOurs);

  it.each([
    ['in', false, eventsIn],
    ['out', true, eventsOut],
  ] as const)('are one for each event %s, and valid', (_, isOurs, schemas: Events) => {
    expect(of(isOurs).map((one) => one['detail-type'])).toEqual(Object.keys(schemas));
    for (const { 'detail-type': type, detail } of of(isOurs))
      expect([type, schemas[type]?.safeParse(detail).error]).toEqual([type, undefined]);
  });

  it('name every member that an event in may have, in one of them', () => {
    const told = JSON.stringify(of(false));
    const members = pathsOf(eventsIn).map((path) => path.split('.').at(-1));
    expect(members.filter((member) => !told.includes(`"${member}":`))).toEqual([]);
  });
});

describe('withTables', () => {
  const marked =
    '<!-- events-in -->\nstale text\n<!-- /events-in -->\n<!-- events-out --><!-- /events-out -->';

  it('leaves alone what stands outside the markers', () => {
    const made = withTables(`before\n${marked}\nafter\n`);
    expect(made).toMatch(/^before\n<!-- events-in -->\n\n[\s\S]*\n\n<!-- \/events-out -->\nafter\n$/);
    expect(made).not.toContain('stale text');
    expect(withTables(made)).toBe(made);
  });

  it.each([
    ['without a marker', 'no marker at all'],
    ['without the end of a block', marked.replace('<!-- /events-out -->', '')],
    ['with a block twice', `${marked}\n${marked}`],
  ])('refuses a page %s', (_, page) => {
    expect(() => withTables(page)).toThrow(/needs <!-- events-(in|out) --> and <!-- \/events-\1 -->/);
  });
});

describe('describeEvents', () => {
  const word = z.string().regex(/^[a-z]+$/, 'must be a word: small letters');
  const anyMeanings = (events: Events) => Object.fromEntries(pathsOf(events).map((path) => [path, 'any']));
  const rows = (events: Events) => rowsOf(describeEvents(events, anyMeanings(events)));
  const formOf = (schema: z.ZodType) => rows({ 'A B': z.object({ x: schema }) })[0]?.[2];

  it.each([
    ['a literal', z.literal(1), '`1`'],
    ['one of several', z.enum(['a', 'b', 'c']), '`a`, `b` or `c`'],
    ['an integer with both ends', z.int().min(1).max(9), 'integer, 1 to 9'],
    ['an integer with one end', z.int().min(1), 'integer, 1 or more'],
    ['a string with a pattern, in the words of its refusal', word, 'word'],
    ['a string with a pattern and a limit', word.max(5), 'word, at most 5 characters'],
    ['a string with both ends', z.string().min(1).max(9), 'string, 1 to 9 characters'],
    ['what is parsed into something else, as it is written', word.transform(Number), 'word'],
    ['a list', z.array(word).max(3), 'list of at most 3: word'],
    ['a bar', z.enum(['a|b']), '`a\\|b`'],
  ])('says the form of %s', (_, schema, words) => {
    expect(formOf(schema)).toBe(words);
  });

  it('says what an object asks for when it is there, and what a variant asks for', () => {
    const inner = z.object({ id: word, note: word.optional() });
    const variants = z.discriminatedUnion('type', [
      z.object({ type: z.literal('p'), id: word }),
      z.object({ type: z.literal('q'), id: word, at: word }),
    ]);
    const events = {
      'A B': z.object({ must: inner, may: inner.optional(), of: variants, list: z.array(inner) }),
    };
    expect(rows(events).map(([, member, , required]) => [member, required])).toEqual([
      ['`must.id`', 'yes'],
      ['`must.note`', 'no'],
      ['`may.id`', 'with `may`'],
      ['`may.note`', 'no'],
      ['`of.type`', 'yes'],
      ['`of.id`', 'yes'],
      ['`of.at`', 'where `type` is `q`'],
      ['`list[].id`', 'yes'],
      ['`list[].note`', 'no'],
    ]);
  });

  it('has one row for what events of one noun share, and one for what all share', () => {
    const events = {
      'Cat Fed': z.object({ id: word, cat: word, food: word }),
      'Dog Fed': z.object({ id: word, food: word }),
      'Cat Lost': z.object({ id: word, cat: word, food: word.optional() }),
    };
    expect(rows(events).map(([types, member, , required]) => [types, member, required])).toEqual([
      ['every one', '`id`', 'yes'],
      ['Cat Fed, Lost', '`cat`', 'yes'],
      ['Cat Fed', '`food`', 'yes'],
      ['Cat Lost', '`food`', 'no'],
      ['Dog Fed', '`food`', 'yes'],
    ]);
  });

  it('refuses a member without a meaning, whatever its name means to JavaScript', () => {
    for (const name of ['colour', 'constructor'])
      expect(() => describeEvents({ 'A B': z.object({ [name]: word }) }, {})).toThrow(
        `${name} has no meaning: write it into lib/wire/meanings.ts`,
      );
  });

  it('refuses a pattern that does not say in words what it asks for', () => {
    expect(() => describeEvents({ 'A B': z.object({ x: z.string().regex(/^a$/) }) }, { x: 'any' })).toThrow(
      'give it an error that begins with "must be"',
    );
  });
});
