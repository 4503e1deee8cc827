import { type ConditionKey, conditionKeyOf, knownConditionKeys } from './condition-keys.ts';
import { type Operator, knownOperators, operatorOf } from './operators.ts';
import { PolicyError } from './policy-error.ts';

/** What is known of a request beside who, what and where: values by condition key. No value at all is a missing key. */
export type Context = ReadonlyMap<string, string | readonly string[]>;

/** One key under one operator. All conditions of a statement have to hold. */
export type Condition =
  | { readonly kind: 'null'; readonly key: string; readonly absent: boolean }
  | {
      readonly kind: 'compare';
      readonly key: string;
      readonly operator: Operator;
      /** `ForAllValues` and `ForAnyValue`. */
      readonly set: 'all' | 'any' | undefined;
      readonly ifExists: boolean;
      /** One of them is enough; for a negated operator none may match. */
      readonly wanted: readonly string[];
    };

/**
 * Whether a condition holds in a context.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (a missing key) and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function conditionHolds(condition: Condition, context: Context): boolean {
  const values = valuesOf(context, condition.key);
  if (condition.kind === 'null') return (values.length === 0) === condition.absent;
  const { operator, wanted, set, ifExists } = condition;
  const holds = (value: string) => wanted.some((one) => operator.matches(value, one)) !== operator.negated;
  // "an empty data set (for example, an empty string)": ForAllValues is true, ForAnyValue is false
  const members = values.every((value) => value === '') ? [] : values;
  if (set === 'all') return members.every(holds);
  if (set === 'any') return members.some(holds);
  const [value, ...more] = values;
  if (value === undefined) return ifExists || operator.negated;
  // EventBridge says it of `events:source`: StringEquals of "aws.ec2" and "aws.ecs" does not hold for both at once
  // (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html)
  return more.length === 0 && holds(value);
}

/** The facts of a condition key; undefined for one that is not known. */
export type KeyFacts = (key: string) => ConditionKey | undefined;

/** Reads one key of the `Condition` element. Throws `PolicyError` for what is not known. */
export function readCondition(
  where: string,
  { name, key, wanted }: { readonly name: string; readonly key: string; readonly wanted: readonly string[] },
  factsOf: KeyFacts = conditionKeyOf,
): Condition {
  const facts = factsOf(key);
  if (!facts)
    throw new PolicyError(
      where,
      `no request holds the condition key ${key} here (known, in this spelling: ${knownConditionKeys.join(', ')})`,
      'Fill it in test/cloud/iam/needs/requests/ and list it in condition-keys.ts, or do without it',
    );
  const variable = wanted.find((value) => value.includes('${'));
  if (variable !== undefined)
    throw new PolicyError(where, `policy variables are not known: ${variable}`, 'Write the value itself');
  if (name === 'Null') return { kind: 'null', key, absent: readNull(where, wanted) };
  const { set, operator, ifExists } = readOperator(where, name);
  if (!operator.types.includes(facts.type))
    throw new PolicyError(
      where,
      `${name} is not for ${key}, which holds a ${facts.type}`,
      `Use an operator for a ${facts.type}`,
    );
  const odd = wanted.find((value) => !operator.takes(value));
  if (odd !== undefined)
    throw new PolicyError(where, `${name} cannot compare with ${JSON.stringify(odd)}`, 'Correct the value');
  if (facts.values === undefined && set === 'all')
    throw new PolicyError(
      where,
      `${key} holds one value, and ForAllValues holds where it is missing`,
      `Write ${name.slice(name.indexOf(':') + 1)}`,
    );
  const needsSet =
    facts.values === 'several-by-set-operator' || (facts.values === 'several' && operator.negated);
  if (needsSet && set === undefined)
    throw new PolicyError(
      where,
      `${key} may hold several values, and ${name} does not say how many of them have to match`,
      `Write ForAllValues:${name} or ForAnyValue:${name}`,
    );
  return { kind: 'compare', key, operator, set, ifExists, wanted };
}

const operatorName = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

function readOperator(where: string, name: string) {
  const [, prefix, base = '', suffix] = operatorName.exec(name) ?? [];
  const operator = operatorOf(base);
  if (!operator)
    throw new PolicyError(
      where,
      `the condition operator ${name} is not known (known: ${knownOperators.join(', ')})`,
      'Add it to test/cloud/iam/language/operators.ts, or use one of these',
    );
  if (prefix && suffix)
    throw new PolicyError(
      where,
      `${name} asks each value of a key whether the key exists`,
      `Write ${prefix}:${base}, with Null beside it where the key may be missing`,
    );
  const sets = { ForAllValues: 'all', ForAnyValue: 'any' } as const;
  return {
    operator,
    set: prefix === undefined ? undefined : sets[prefix as keyof typeof sets],
    ifExists: suffix !== undefined,
  };
}

function readNull(where: string, wanted: readonly string[]): boolean {
  const [value = '', ...more] = wanted;
  if (more.length > 0 || !/^(true|false)$/.test(value))
    throw new PolicyError(
      where,
      `Null takes "true" or "false", not ${JSON.stringify(wanted)}`,
      'Correct the value',
    );
  return value === 'true';
}

function valuesOf(context: Context, key: string): readonly string[] {
  const value = context.get(key);
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
