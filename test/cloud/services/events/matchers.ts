import { AwsError } from '../../service.ts';

/** What a field of an event can be at the end of a path; arrays are taken apart before. */
export type Leaf = string | number | boolean | null;
type Test = (leaf: Leaf) => boolean;

/** A matcher either tests values, or asks whether there is one at all. */
export type Matcher =
  { readonly kind: 'value'; readonly test: Test } | { readonly kind: 'exists'; readonly wanted: boolean };

type Compile = (operand: unknown, type: string) => Matcher;

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '=': (value, bound) => value === bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** The operators of the EventBridge user guide, "Comparison operators for use in event patterns", but `cidr`. */
const operators: ReadonlyMap<string, Compile> = new Map<string, Compile>([
  ['prefix', (operand, type) => onValue(textTest(type, operand))],
  ['suffix', (operand, type) => onValue(textTest(type, operand))],
  ['equals-ignore-case', (operand, type) => onValue(textTest(type, operand))],
  ['wildcard', (operand, type) => onValue(textTest(type, operand))],
  ['anything-but', (operand) => onValue(anythingBut(operand))],
  ['numeric', (operand) => onValue(numeric(operand))],
  ['exists', (operand) => ({ kind: 'exists', wanted: readBoolean(operand, 'exists') })],
]);

/** Throws `InvalidEventPatternException`, which names what is wrong, for anything EventBridge would refuse. */
export function compileMatcher(matcher: unknown): Matcher {
  if (isLeaf(matcher)) return onValue((leaf) => leaf === matcher);
  const [type, operand] = readSingleKey(matcher);
  const compile = operators.get(type);
  if (!compile) throw invalidPattern(`Unrecognized match type ${type}`);
  return compile(operand, type);
}

export function isLeaf(value: unknown): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

function onValue(test: Test): Matcher {
  return { kind: 'value', test };
}

function textTest(type: string, operand: unknown): Test {
  if (isRecord(operand) && (type === 'prefix' || type === 'suffix')) {
    const [modifier, inner] = readSingleKey(operand);
    if (modifier !== 'equals-ignore-case') throw invalidPattern(`Unsupported ${type} pattern: ${modifier}`);
    const text = readText(inner, type).toLowerCase();
    return onText((leaf) => hasEdge(type, leaf.toLowerCase(), text));
  }
  const text = readText(operand, type);
  switch (type) {
    case 'prefix':
    case 'suffix':
      return onText((leaf) => hasEdge(type, leaf, text));
    case 'equals-ignore-case':
      return onText((leaf) => leaf.toLowerCase() === text.toLowerCase());
    case 'wildcard': {
      const expression = wildcardExpression(text);
      return onText((leaf) => expression.test(leaf));
    }
    default:
      throw invalidPattern(`Unsupported anything-but pattern: ${type}`);
  }
}

function hasEdge(type: 'prefix' | 'suffix', leaf: string, text: string): boolean {
  return type === 'prefix' ? leaf.startsWith(text) : leaf.endsWith(text);
}

function onText(test: (text: string) => boolean): Test {
  return (leaf) => typeof leaf === 'string' && test(leaf);
}

/** `*` stands for any characters; a backslash makes a star or a backslash plain. */
function wildcardExpression(text: string): RegExp {
  if (text.replaceAll(/\\./gs, '-').includes('**'))
    throw invalidPattern('Consecutive wildcard characters in wildcard');
  const source = text.replaceAll(
    /\\(.?)|([*])|([^\\*]+)/gs,
    (_, escaped?: string, star?: string, plain?: string) => {
      if (star) return '.*';
      if (plain) return quote(plain);
      if (escaped !== '*' && escaped !== '\\') throw invalidPattern('Invalid escape character in wildcard');
      return quote(escaped);
    },
  );
  return new RegExp(`^${source}$`, 's');
}

function quote(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Holds for any value of the field but those named; a field that is not there does not match. */
function anythingBut(operand: unknown): Test {
  if (isRecord(operand)) {
    const [type, inner] = readSingleKey(operand);
    const texts = asList(inner);
    if (texts.length === 0 || texts.includes(''))
      throw invalidPattern(`Null ${type} not allowed in anything-but`);
    const tests = texts.map((text) => textTest(type, text));
    return (leaf) => !tests.some((test) => test(leaf));
  }
  const values = asList(operand);
  const types = new Set(values.map((value) => typeof value));
  if (values.length === 0 || types.size !== 1 || !(types.has('string') || types.has('number')))
    throw invalidPattern('Inside anything but list, either all values are number or string');
  return (leaf) => !values.includes(leaf);
}

/** One comparison, or a lower bound followed by an upper one: `[">", 0, "<=", 5]`. */
function numeric(operand: unknown): Test {
  const parts = asList(operand);
  const bounds: { readonly sign: string; readonly bound: number }[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [sign, bound] = parts.slice(index, index + 2);
    if (typeof sign !== 'string' || !Object.hasOwn(comparisons, sign))
      throw invalidPattern(`Unrecognized numeric range operator: ${String(sign)}`);
    if (typeof bound !== 'number') throw invalidPattern(`Value of numeric operator ${sign} must be a number`);
    bounds.push({ sign, bound });
  }
  const [lower, upper] = bounds;
  if (!lower || bounds.length > 2) throw invalidPattern('Too many or no elements in numeric expression');
  if (upper && !(lower.sign.startsWith('>') && upper.sign.startsWith('<') && lower.bound < upper.bound))
    throw invalidPattern('Bottom must be less than top in a numeric range');
  return (leaf) =>
    typeof leaf === 'number' && bounds.every(({ sign, bound }) => comparisons[sign]?.(leaf, bound) === true);
}

function readSingleKey(value: unknown): readonly [key: string, operand: unknown] {
  const entries = isRecord(value) ? Object.entries(value) : [];
  const [entry] = entries;
  if (!entry || entries.length > 1) throw invalidPattern('Only one key allowed in match expression');
  return entry;
}

function readText(value: unknown, type: string): string {
  if (typeof value !== 'string') throw invalidPattern(`${type} match pattern must be a string`);
  return value;
}

function readBoolean(value: unknown, type: string): boolean {
  if (typeof value !== 'boolean') throw invalidPattern(`${type} match pattern must be either true or false.`);
  return value;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
