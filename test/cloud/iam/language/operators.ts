import type { ConditionKey } from './condition-keys.ts';
import { componentsOf, matchesArn, matchesText } from './match.ts';

/** How one value of a request is held against one value of a policy. */
export interface Operator {
  readonly matches: (value: string, wanted: string) => boolean;
  /** True where no wanted value matches, and where the key is missing. */
  readonly negated: boolean;
  /** Keys that it may be asked of. */
  readonly types: readonly ConditionKey['type'][];
  /** What a policy may write. */
  readonly takes: (wanted: string) => boolean;
}

type Test = Omit<Operator, 'negated'>;

const anything = () => true;
const strings: Pick<Test, 'types' | 'takes'> = { types: ['string', 'arn'], takes: anything };

const ignoringCase: Test = {
  ...strings,
  matches: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
};
const exact: Test = { ...strings, matches: (value, wanted) => value === wanted };
const like: Test = { ...strings, matches: (value, wanted) => matchesText(wanted, value) };
const arn: Test = {
  types: ['arn'],
  takes: (wanted) => componentsOf(wanted) !== undefined,
  matches: (value, wanted) => matchesArn(wanted, value),
};
const bool: Test = {
  types: ['bool'],
  takes: (wanted) => /^(true|false)$/i.test(wanted),
  matches: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
};
const numeric = (matches: (value: number, wanted: number) => boolean): Test => ({
  types: ['number'],
  takes: (wanted) => wanted.trim() !== '' && Number.isFinite(Number(wanted)),
  matches: (value, wanted) => matches(Number(value), Number(wanted)),
});
const sameNumber = numeric((value, wanted) => value === wanted);

const is = (test: Test): Operator => ({ ...test, negated: false });
const isNot = (test: Test): Operator => ({ ...test, negated: true });

/**
 * The operators that are known, without prefix and `IfExists`; `Null` is apart. Dates, addresses and bytes are not: no key
 * here holds one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const operators: Readonly<Record<string, Operator>> = {
  StringEquals: is(exact),
  StringNotEquals: isNot(exact),
  StringEqualsIgnoreCase: is(ignoringCase),
  StringNotEqualsIgnoreCase: isNot(ignoringCase),
  StringLike: is(like),
  StringNotLike: isNot(like),
  ArnEquals: is(arn),
  ArnLike: is(arn),
  ArnNotEquals: isNot(arn),
  ArnNotLike: isNot(arn),
  Bool: is(bool),
  NumericEquals: is(sameNumber),
  NumericNotEquals: isNot(sameNumber),
  NumericLessThan: is(numeric((value, wanted) => value < wanted)),
  NumericLessThanEquals: is(numeric((value, wanted) => value <= wanted)),
  NumericGreaterThan: is(numeric((value, wanted) => value > wanted)),
  NumericGreaterThanEquals: is(numeric((value, wanted) => value >= wanted)),
};

export function operatorOf(name: string): Operator | undefined {
  return Object.hasOwn(operators, name) ? operators[name] : undefined;
}

/** For messages. */
export const knownOperators: readonly string[] = [...Object.keys(operators), 'Null'];
