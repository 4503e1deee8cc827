import { AwsError } from '../../../service.ts';
import { isRecord } from '../record.ts';

/** Whether an event matches. */
export type Pattern = (event: unknown) => boolean;

/** One value of an event, as AWS's engine sees it: names joined by dots (`.detail.id`), and the arrays apart. */
interface Field {
  readonly path: string;
  readonly value: unknown;
  readonly elements: Elements;
}

/** The arrays that a value is in, each with the index of the element that leads to it. */
type Elements = ReadonlyMap<readonly unknown[], number>;

/** What a pattern asks of one path: some value there has to pass. */
interface Condition {
  readonly path: string;
  readonly test: Test;
}

type Test = (value: unknown) => boolean;

/**
 * A small part of EventBridge's event patterns: nested fields, lists of strings, and `anything-but` with strings.
 * It judges them as AWS's engine does (github.com/aws/event-ruler): `npm run test:patterns` compares the two.
 * Throws `ValidationException` for everything else, and names it, whether AWS takes it or not.
 */
export function compilePattern(pattern: unknown): Pattern {
  const conditions = readObject(pattern, '');
  return (event) => areMet(conditions, fieldsOf(event, '', new Map()), new Map());
}

/** Whether one field for each condition can be found, all in the same elements of the arrays that they share. */
function areMet(conditions: readonly Condition[], fields: readonly Field[], chosen: Elements): boolean {
  const [first, ...rest] = conditions;
  if (!first) return true;
  return fields.some(
    ({ path, value, elements }) =>
      path === first.path &&
      first.test(value) &&
      [...elements].every(([array, index]) => (chosen.get(array) ?? index) === index) &&
      areMet(rest, fields, new Map([...chosen, ...elements])),
  );
}

function fieldsOf(node: unknown, path: string, elements: Elements): readonly Field[] {
  if (Array.isArray(node))
    return node.flatMap((element, index) => fieldsOf(element, path, new Map(elements).set(node, index)));
  if (isRecord(node))
    return Object.entries(node).flatMap(([name, value]) => fieldsOf(value, `${path}.${name}`, elements));
  return [{ path, value: node, elements }];
}

function readObject(pattern: unknown, path: string): readonly Condition[] {
  if (!isRecord(pattern)) throw unknown(path, `${JSON.stringify(pattern)} outside a list`);
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw unknown(path, 'an empty object');
  return entries.flatMap(([name, value]) => {
    if (!/^[\w-]+$/.test(name)) throw unknown(path, `the name ${name}`);
    const inner = `${path}.${name}`;
    return Array.isArray(value) ? [{ path: inner, test: readList(value, inner) }] : readObject(value, inner);
  });
}

function readList(values: readonly unknown[], path: string): Test {
  if (values.length === 0) throw unknown(path, 'an empty list');
  const tests = values.map((value) => readMatcher(value, path));
  return (found) => tests.some((test) => test(found));
}

function readMatcher(matcher: unknown, path: string): Test {
  if (!isRecord(matcher)) return equals(readText(matcher, path));
  const { 'anything-but': operand, ...others } = matcher;
  const [other] = Object.keys(others);
  if (other !== undefined || operand === undefined) throw unknown(path, other ?? 'an empty object');
  const excluded = readExcluded(operand, path).map(equals);
  return (found) => !excluded.some((test) => test(found));
}

function readExcluded(operand: unknown, path: string): readonly string[] {
  if (isRecord(operand)) throw unknown(path, `anything-but with ${Object.keys(operand).join()}`);
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw unknown(path, 'anything-but with an empty list');
  return values.map((value) => readText(value, path));
}

/** Not what AWS's engine compares in its own ways: it reads IP addresses as numbers, and lone surrogates as `?`. */
function readText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw unknown(path, JSON.stringify(value));
  if (/^\d+(\.\d+){3}$|^[\da-f:]*:[\da-f:]*$/i.test(value)) throw unknown(path, `the IP address ${value}`);
  if (/[?\p{Surrogate}]/u.test(value))
    throw unknown(path, `a ? or a lone surrogate, as in ${JSON.stringify(value)}`);
  return value;
}

function equals(text: string): Test {
  return (value) => value === text;
}

function unknown(path: string, what: string): AwsError {
  const known = 'it knows lists of strings, and anything-but with strings';
  return new AwsError(
    'ValidationException',
    `EventPattern${path}: the local cloud does not know ${what}; ${known}.`,
  );
}
