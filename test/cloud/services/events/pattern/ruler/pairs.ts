import * as fc from 'fast-check';
import { isRecord } from '../../record.ts';

/** A pattern and an event, both as JSON values. */
export type Pair = readonly [pattern: unknown, event: unknown];

// few names and values, so that patterns and events meet
const name = fc.constantFrom('a', 'b', 'c', '__proto__');
const oddName = fc.constantFrom('a.b', 'b.c', '', '.a', 'b.', '$or', 'prefix', 'anything-but', 'toString');
const text = weighted([
  [15, fc.constantFrom('x', 'y')],
  [5, fc.constantFrom('X', '', '5', 'null', '"x"', 'x*', 'é', '🔑')],
  [2, fc.string({ unit: 'grapheme' })],
]);
/** The local cloud does not know these in a pattern. */
const oddText = fc.constantFrom('10.0.0.1', '::1', '0:0:0:0:0:0:0:1', 'ab:cd', '?', '\ud800');
const otherLeaf = fc.constantFrom<unknown>(5, 5.0001, -0.5, 1e21, 6e9, 1e-9, true, false, null);
const leaf = weighted<unknown>([
  [40, text],
  [2, oddText],
  [5, otherLeaf],
]);

const { event } = fc.letrec((tie) => ({
  event: fc.dictionary(often(name, oddName), tie('node'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  list: fc.array(tie('node'), { maxLength: 3 }),
  node: fc.oneof({ maxDepth: 4 }, leaf, tie('event'), tie('list')),
}));

const patternText = weighted([
  [100, text],
  [1, oddText],
]);
const anythingBut = fc
  .oneof(patternText, fc.array(patternText, { minLength: 1, maxLength: 3 }))
  .map((operand) => ({ 'anything-but': operand }));
const plainMatcher = fc.oneof(patternText, anythingBut);

/** Patterns of what the local cloud knows, but for a few texts. */
const { plain } = fc.letrec((tie) => ({
  plain: fc.dictionary(name, tie('node'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  list: fc.array(plainMatcher, { minLength: 1, maxLength: 3 }),
  node: fc.oneof({ maxDepth: 3, depthSize: 'xsmall' }, tie('list'), tie('plain')),
}));

const operator = fc.constantFrom(
  ...['prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'anything-but', 'numeric', 'exists', 'exactly'],
);
const operand = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.constantFrom(['>', 0], ['=', 5]));
const expression = fc
  .tuple(fc.array(operator, { minLength: 1, maxLength: 3 }), operand)
  .map(([operators, inner]) => operators.reduce<unknown>((value, key) => ({ [key]: value }), inner));

/** Patterns with anything in them, valid or not. */
const { wild } = fc.letrec((tie) => ({
  wild: fc.dictionary(often(name, oddName), tie('node'), { maxKeys: 3, noNullPrototype: true }),
  list: fc.array(often(fc.oneof(plainMatcher, expression), fc.oneof(leaf, tie('wild'))), { maxLength: 3 }),
  node: fc.oneof({ maxDepth: 2, depthSize: 'xsmall' }, often(tie('list'), leaf), tie('wild')),
}));

/** Objects with the fields of a pattern, which often match it. */
function objectLike(pattern: Readonly<Record<string, unknown>>): fc.Arbitrary<object> {
  const fields = Object.entries(pattern).map(([key, value]) =>
    weighted<readonly (readonly [string, unknown])[]>([
      [12, valueLike(value).map((made) => [[key, made]])],
      [1, valueLike(value).map((made) => fieldsOf(made).map(([inner, deep]) => [`${key}.${inner}`, deep]))],
      [1, fc.constant([])],
    ]),
  );
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.flat()));
}

function valueLike(pattern: unknown): fc.Arbitrary<unknown> {
  if (isRecord(pattern)) {
    const object = objectLike(pattern);
    return fc.oneof(object, fc.array(often(object, event), { minLength: 1, maxLength: 3 }));
  }
  const texts = Array.isArray(pattern) ? pattern.filter((value) => typeof value === 'string') : [];
  const value = often(fc.constantFrom('z', ...texts), leaf);
  return often(value, fc.array(value, { maxLength: 3 }));
}

function fieldsOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [];
}

function often<T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return weighted([
    [9, usual],
    [1, rare],
  ]);
}

function weighted<T>(
  choices: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<T>])[],
): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** The same pairs for the same seed; about every fifth pattern has what the local cloud does not know. */
export function makePairs(count: number, seed: number): readonly Pair[] {
  const pattern = weighted<unknown>([
    [5, plain],
    [1, wild],
  ]);
  const pair = pattern.chain((made) =>
    fc.tuple(fc.constant(made), fc.oneof(isRecord(made) ? objectLike(made) : event, event)),
  );
  return fc.sample(pair, { numRuns: count, seed });
}
