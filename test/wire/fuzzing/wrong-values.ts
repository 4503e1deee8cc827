import type { Form } from '../../../lib/wire/members.ts';
import { exampleOf, fits } from './example-of.ts';

/** Stands in whatever is sent and must come back nowhere. */
export const canary = 'CANARY';

/** A value in place of a member. */
export interface Wrong {
  readonly label: string;
  readonly value: unknown;
}

/** An object whose one own member bears a name that means something to JavaScript. */
const owning = (name: string, value: unknown): unknown =>
  JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);

const nested = (depth: number): unknown =>
  JSON.parse(`${'[{"a":'.repeat(depth)}"${canary}"${'}]'.repeat(depth)}`);

/** What may be wrong anywhere. */
const anything: readonly Wrong[] = [
  ['null', null],
  ['true', true],
  ['an empty text', ''],
  ['a word', canary],
  ['a text with a space', `${canary} x`],
  ['a text with a line break at its end', `${canary}\n`],
  ['a text with a NUL', `${canary}\0`],
  ['a text with letters beyond ASCII', `${canary}-é`],
  ['a text that turns what follows it', `${canary}\u202e`],
  ['a text of 129 characters', canary.padEnd(129, 'x')],
  ['a text of 20,000 characters', canary.padEnd(20_000, 'x')],
  ['the name __proto__', '__proto__'],
  ['the name constructor', 'constructor'],
  ['0', 0],
  ['-1', -1],
  ['1.5', 1.5],
  ['1e21', 1e21],
  ['2^53', 2 ** 53],
  ['a billion as text', '1000000000'],
  ['NaN as text', 'NaN'],
  ['an empty list', []],
  ['a list of a text', [canary]],
  ['an empty object', {}],
  ['an object of others', { [canary]: canary }],
  ['deep nesting', nested(200)],
].map(([label, value]) => ({ label: String(label), value }));

/** Values that do not fit, each as far as it can be from the others: types, limits and patterns, both sides of each border. */
export function wrongValues(form: Form, path: string): readonly Wrong[] {
  return [...anything, ...atTheBorders(form, path)].filter(({ value }) => !fits(form, value));
}

function atTheBorders(form: Form, path: string): readonly Wrong[] {
  const example = exampleOf(form, path);
  const { minimum, maximum, maxLength, maxItems, items, properties } = form;
  return [
    ...(minimum === undefined ? [] : [{ label: 'one too few', value: minimum - 1 }]),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
      ? []
      : [{ label: 'one too many', value: maximum + 1 }]),
    ...(maxLength === undefined
      ? []
      : [{ label: 'one character too many', value: canary.padEnd(maxLength + 1, 'x') }]),
    ...(typeof example === 'string'
      ? [
          { label: 'what fits, and a space', value: `${example} ` },
          { label: 'what fits, in capitals', value: example.toUpperCase() },
          { label: 'what fits, in a list', value: [example] },
          { label: 'what fits, in an object', value: { [path]: example } },
        ]
      : []),
    ...(typeof example === 'number' ? [{ label: 'what fits, as text', value: String(example) }] : []),
    ...(maxItems === undefined
      ? []
      : [
          {
            label: 'one too many in a list',
            value: Array(maxItems + 1).fill(items && exampleOf(items, path)),
          },
        ]),
    ...(items ? wrongValues(items, path) : []).map(({ label, value }) => ({
      label: `a list whose second is ${label}`,
      value: [items && exampleOf(items, path), value],
    })),
    ...(properties
      ? ['__proto__', 'constructor', 'prototype'].map((name) => ({
          label: `all of it under ${name}`,
          value: owning(name, example),
        }))
      : []),
  ];
}
