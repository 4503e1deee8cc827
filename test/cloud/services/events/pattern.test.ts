import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern } from './pattern.ts';

const event = {
  source: 'bank.consents',
  'detail-type': 'Consent Withdrawn',
  resources: ['arn:a', 'arn:b'],
  detail: {
    count: 5,
    limit: 301.8,
    live: true,
    note: null,
    empty: '',
    path: '/lib/a*b.ts',
    tags: [],
    consent: { id: 'c-1', scopes: ['accounts', 'payments'] },
    credentials: [
      { id: 'k-1', kind: 'api_key', dead: false },
      { id: 't-1', kind: 'refresh_token' },
    ],
  },
};

const detail = (pattern: object): object => ({ detail: pattern });

describe('an event pattern', () => {
  // EventBridge user guide, "Comparison operators for use in event patterns", and the README of aws/event-ruler.
  it.each([
    ['an equal string', { source: ['bank.consents'] }],
    ['one string of several', { source: ['other', 'bank.consents'] }],
    ['all fields', { source: ['bank.consents'], ...detail({ count: [5] }) }],
    ['an equal number', detail({ count: [5.0] })],
    ['true', detail({ live: [true] })],
    ['null', detail({ note: [null] })],
    ['an empty string', detail({ empty: [''] })],
    ['a nested field', detail({ consent: { id: ['c-1'] } })],
    ['arrays that intersect', { resources: ['arn:b', 'arn:c'] }],
    ['a value in a nested array', detail({ consent: { scopes: ['payments'] } })],
    ['fields of one object in an array', detail({ credentials: { id: ['k-1'], kind: ['api_key'] } })],
    ['a prefix', { source: [{ prefix: 'bank.' }] }],
    ['the empty prefix', { source: [{ prefix: '' }] }],
    ['a prefix in any case', { source: [{ prefix: { 'equals-ignore-case': 'BANK.' } }] }],
    ['a suffix', { source: [{ suffix: '.consents' }] }],
    ['a suffix in any case', { source: [{ suffix: { 'equals-ignore-case': 'CONSENTS' } }] }],
    ['equality in any case', { source: [{ 'equals-ignore-case': 'Bank.Consents' }] }],
    ['a wildcard', detail({ path: [{ wildcard: '/lib/*.ts' }] })],
    ['two wildcards', detail({ path: [{ wildcard: '*lib*' }] })],
    ['an escaped star', detail({ path: [{ wildcard: '/lib/a\\*b.*' }] })],
    ['anything but a string', { source: [{ 'anything-but': 'other' }] }],
    ['anything but a list', { source: [{ 'anything-but': ['x', 'y'] }] }],
    ['anything but a number', detail({ count: [{ 'anything-but': 6 }] })],
    ['anything but strings, for a number', detail({ count: [{ 'anything-but': ['5'] }] })],
    ['anything but one of two elements', { resources: [{ 'anything-but': 'arn:a' }] }],
    ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'shop.' } }] }],
    ['anything but prefixes', { source: [{ 'anything-but': { prefix: ['shop.', 'pos.'] } }] }],
    ['anything but a suffix', { source: [{ 'anything-but': { suffix: '.cards' } }] }],
    [
      'anything but a string in any case',
      { source: [{ 'anything-but': { 'equals-ignore-case': 'OTHER' } }] },
    ],
    ['anything but a wildcard', { source: [{ 'anything-but': { wildcard: 'shop.*' } }] }],
    ['an equal number by operator', detail({ limit: [{ numeric: ['=', 3.018e2] }] })],
    ['a range', detail({ count: [{ numeric: ['>', 0, '<=', 5] }] })],
    ['an upper bound', detail({ count: [{ numeric: ['<', 10] }] })],
    ['a field that exists', detail({ note: [{ exists: true }] })],
    ['a field that does not exist', detail({ missing: [{ exists: false }] })],
    ['a field that is no leaf, for exists false', detail({ consent: [{ exists: false }] })],
    ['an empty array, for exists false', detail({ tags: [{ exists: false }] })],
    ['a missing field below a missing field', detail({ missing: { deeper: [{ exists: false }] } })],
    ['a missing field below a scalar', detail({ count: { deeper: [{ exists: false }] } })],
    ['a missing field or a value', detail({ missing: ['x', { exists: false }] })],
    ['one alternative', detail({ $or: [{ count: [6] }, { live: [true] }] })],
    [
      'alternatives beside a field',
      { source: ['bank.consents'], $or: [{ source: ['x'] }, detail({ count: [5] })] },
    ],
    ['nested alternatives', { $or: [{ source: ['x'] }, detail({ $or: [{ count: [6] }, { count: [5] }] })] }],
  ])('matches %s', (_, pattern) => {
    expect(compilePattern(pattern)(event)).toBe(true);
  });

  it.each([
    ['another string', { source: ['bank.consent'] }],
    ['another case', { source: ['Bank.Consents'] }],
    ['one field of two', { source: ['bank.consents'], ...detail({ count: [6] }) }],
    ['a number for a string', detail({ count: ['5'] })],
    ['a string for null', detail({ note: ['null'] })],
    ['a field that is missing', detail({ missing: ['x'] })],
    ['a name that only the prototype has', detail({ toString: [{ exists: true }] })],
    ['an object where a value is asked for', detail({ consent: ['c-1'] })],
    ['arrays that do not intersect', { resources: ['arn:c'] }],
    ['fields of two objects in an array', detail({ credentials: { id: ['k-1'], kind: ['refresh_token'] } })],
    [
      'alternatives over two objects in an array',
      detail({ credentials: { id: ['t-1'], $or: [{ kind: ['api_key'] }, { dead: [false] }] } }),
    ],
    ['another prefix', { source: [{ prefix: 'bank.x' }] }],
    ['a prefix of a number', detail({ count: [{ prefix: '5' }] })],
    ['another suffix', { source: [{ suffix: 'consent' }] }],
    ['another string in any case', { source: [{ 'equals-ignore-case': 'bank' }] }],
    ['a wildcard that is not anchored', detail({ path: [{ wildcard: 'lib/*' }] })],
    ['an escaped star that is none', detail({ path: [{ wildcard: '/lib/\\*' }] })],
    ['a dot that stands for itself', detail({ path: [{ wildcard: '/lib/*ts.' }] })],
    ['anything but itself', { source: [{ 'anything-but': 'bank.consents' }] }],
    ['anything but a list with itself', detail({ count: [{ 'anything-but': [4, 5] }] })],
    ['anything but all its elements', { resources: [{ 'anything-but': ['arn:a', 'arn:b'] }] }],
    ['anything but its prefix', { source: [{ 'anything-but': { prefix: 'bank.' } }] }],
    ['anything but prefixes with its own', { source: [{ 'anything-but': { prefix: ['shop.', 'bank.'] } }] }],
    ['anything but its wildcard', { source: [{ 'anything-but': { wildcard: 'bank.*' } }] }],
    ['anything but x, for a missing field', detail({ missing: [{ 'anything-but': 'x' }] })],
    ['a range that ends below', detail({ count: [{ numeric: ['>', 0, '<', 5] }] })],
    ['a number for a string', { source: [{ numeric: ['>', 0] }] }],
    ['exists false for a value', detail({ count: [{ exists: false }] })],
    ['exists true for what is missing', detail({ missing: [{ exists: true }] })],
    ['exists true for an object', detail({ consent: [{ exists: true }] })],
    ['exists true for an empty array', detail({ tags: [{ exists: true }] })],
    ['exists false for what one of two objects has', detail({ credentials: { dead: [{ exists: false }] } })],
    ['no alternative', detail({ $or: [{ count: [6] }, { live: [false] }] })],
    [
      'an alternative without the field beside it',
      { source: ['x'], $or: [{ source: ['x'] }, detail({ count: [5] })] },
    ],
  ])('does not match %s', (_, pattern) => {
    expect(compilePattern(pattern)(event)).toBe(false);
  });

  it.each([
    ['cidr', detail({ ip: [{ cidr: '10.0.0.0/24' }] }), 'Unrecognized match type cidr'],
    ['an unknown matcher', { source: [{ contains: 'bank' }] }, 'Unrecognized match type contains'],
    [
      'a matcher that only the prototype has',
      { source: [{ toString: 'x' }] },
      'Unrecognized match type toString',
    ],
    ['two matchers in one object', { source: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key'],
    ['a value outside a list', { source: 'bank' }, '"source" must be an object or an array'],
    ['an empty list', detail({ count: [] }), 'Empty arrays are not allowed at detail.count'],
    ['an empty object', detail({}), 'Empty objects are not allowed at detail'],
    ['an empty pattern', {}, 'Empty objects are not allowed'],
    ['a pattern that is no object', '{}', 'Empty objects are not allowed'],
    ['a list in a list', { source: [['bank']] }, 'Only one key'],
    ['a prefix that is a number', { source: [{ prefix: 5 }] }, 'prefix match pattern must be a string'],
    [
      'another modifier of a prefix',
      { source: [{ prefix: { wildcard: 'x' } }] },
      'Unsupported prefix pattern: wildcard',
    ],
    [
      'exists with text',
      { source: [{ exists: 'true' }] },
      'exists match pattern must be either true or false',
    ],
    ['a mixed list', { source: [{ 'anything-but': ['a', 1] }] }, 'either all values are number or string'],
    ['anything but nothing', { source: [{ 'anything-but': [] }] }, 'either all values are number or string'],
    [
      'anything but the empty prefix',
      { source: [{ 'anything-but': { prefix: '' } }] },
      'not allowed in anything-but',
    ],
    [
      'anything but numeric',
      { source: [{ 'anything-but': { numeric: '5' } }] },
      'Unsupported anything-but pattern: numeric',
    ],
    [
      'an unknown comparison',
      detail({ count: [{ numeric: ['!=', 5] }] }),
      'Unrecognized numeric range operator: !=',
    ],
    ['a bound that is text', detail({ count: [{ numeric: ['>', '5'] }] }), 'must be a number'],
    ['no bound', detail({ count: [{ numeric: [] }] }), 'numeric expression'],
    [
      'a range the wrong way round',
      detail({ count: [{ numeric: ['>', 5, '<', 0] }] }),
      'Bottom must be less than top',
    ],
    ['two upper bounds', detail({ count: [{ numeric: ['<', 5, '<', 7] }] }), 'Bottom must be less than top'],
    ['two stars in a row', { source: [{ wildcard: 'a**' }] }, 'Consecutive wildcard characters'],
    ['an unknown escape', { source: [{ wildcard: 'a\\b' }] }, 'Invalid escape character'],
    ['one alternative only', { $or: [{ source: ['x'] }] }, '$or needs at least two alternatives'],
  ])('is refused with its reason for %s', (_, pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(
      expect.objectContaining({
        name: 'InvalidEventPatternException',
        message: expect.stringContaining(reason),
      }),
    );
  });
});

describe('any event', () => {
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    list: fc.array(tie('node'), { maxLength: 4 }),
    tree: fc.dictionary(
      fc.string().filter((key) => key !== '$or'),
      tie('node'),
      { maxKeys: 4 },
    ),
    node: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('list'), tie('tree')),
  }));
  const anyEvent = tree.map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);

  it('matches the pattern that is made of its own fields', () => {
    fc.assert(
      fc.property(anyEvent, (own) => {
        const pattern = patternOf(own);
        fc.pre(pattern !== undefined);
        expect(compilePattern(pattern)(own)).toBe(true);
      }),
    );
  });

  it('no longer matches when a field has another value', () => {
    fc.assert(
      fc.property(anyEvent, fc.string(), (own, key) => {
        const fields = patternOf(own) as object | undefined;
        const pattern = compilePattern({ ...fields, [`x${key}`]: ['one'] });
        expect(pattern({ ...own, [`x${key}`]: 'one' })).toBe(true);
        expect(pattern({ ...own, [`x${key}`]: 'two' })).toBe(false);
        expect(pattern({ ...own, [`x${key}`]: undefined })).toBe(false);
      }),
    );
  });
});

/** Every leaf of the event asked for by its value; of an array of objects, the first one's fields. */
function patternOf(node: unknown): unknown {
  if (Array.isArray(node)) {
    const items: readonly unknown[] = node.flat(Infinity);
    const leaves = items.filter((item) => typeof item !== 'object' || item === null);
    if (leaves.length > 0) return leaves;
    const fields = items.map(patternOf).find((pattern) => pattern !== undefined);
    return fields ?? [{ exists: false }];
  }
  if (typeof node !== 'object' || node === null) return [node];
  const fields = Object.entries(node).flatMap(([key, value]) => {
    const pattern = patternOf(value);
    return pattern === undefined ? [] : [[key, pattern] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}
