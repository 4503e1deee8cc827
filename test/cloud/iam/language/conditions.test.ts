import { describe, expect, it } from 'vitest';
import { type Context, conditionHolds, readCondition } from './conditions.ts';

const holds = (name: string, key: string, wanted: string | readonly string[], context: Context) =>
  conditionHolds(
    readCondition('Here', { name, key, wanted: typeof wanted === 'string' ? [wanted] : wanted }),
    context,
  );
const having = (key: string, ...values: readonly string[]): Context =>
  new Map([[key, values.length === 1 ? (values[0] ?? '') : values]]);
const nothing: Context = new Map();

describe('an operator', () => {
  const algorithm = 'kms:SigningAlgorithm';
  const arn = 'arn:aws:events:eu-west-1:111122223333:rule/bus/signals';

  it.each<[string, string, string | readonly string[], string, boolean]>([
    ['StringEquals', algorithm, 'ECDSA_SHA_256', 'ECDSA_SHA_256', true],
    ['StringEquals', algorithm, 'ECDSA_SHA_256', 'ecdsa_sha_256', false],
    ['StringEquals', algorithm, ['A', 'B'], 'B', true],
    ['StringEquals', algorithm, 'ECDSA*', 'ECDSA_SHA_256', false],
    ['StringNotEquals', algorithm, ['A', 'B'], 'B', false],
    ['StringNotEquals', algorithm, ['A', 'B'], 'C', true],
    ['StringEqualsIgnoreCase', algorithm, 'ecdsa_sha_256', 'ECDSA_SHA_256', true],
    ['StringNotEqualsIgnoreCase', algorithm, 'ecdsa_sha_256', 'ECDSA_SHA_256', false],
    ['StringLike', algorithm, 'ECDSA_*', 'ECDSA_SHA_256', true],
    ['StringLike', algorithm, 'ecdsa_*', 'ECDSA_SHA_256', false],
    ['StringNotLike', algorithm, 'ECDSA_*', 'ECDSA_SHA_256', false],
    ['StringEquals', 'aws:SourceArn', arn, arn, true],
    ['ArnEquals', 'aws:SourceArn', 'arn:aws:events:*:111122223333:rule/*', arn, true],
    ['ArnLike', 'aws:SourceArn', 'arn:aws:events:*:999999999999:rule/*', arn, false],
    ['ArnNotEquals', 'aws:SourceArn', 'arn:aws:events:*:111122223333:rule/*', arn, false],
    ['ArnNotLike', 'aws:SourceArn', 'arn:aws:events:*:999999999999:rule/*', arn, true],
    ['Bool', 'aws:SecureTransport', 'false', 'true', false],
    ['Bool', 'aws:SecureTransport', 'true', 'true', true],
    ['NumericEquals', 'secretsmanager:RecoveryWindowInDays', '7', '7.0', true],
    ['NumericNotEquals', 'secretsmanager:RecoveryWindowInDays', '7', '8', true],
    ['NumericLessThan', 'secretsmanager:RecoveryWindowInDays', '10', '9', true],
    ['NumericLessThan', 'secretsmanager:RecoveryWindowInDays', '10', '10', false],
    ['NumericLessThanEquals', 'secretsmanager:RecoveryWindowInDays', '10', '10', true],
    ['NumericGreaterThan', 'secretsmanager:RecoveryWindowInDays', '10', '9', false],
    ['NumericGreaterThanEquals', 'secretsmanager:RecoveryWindowInDays', '10', '10', true],
  ])('%s %s %j of %s: %s', (name, key, wanted, value, expected) => {
    expect(holds(name, key, wanted, having(key, value))).toBe(expected);
  });
});

// "If the key that you specify in a policy condition is not present in the request context, the values do not match and the condition
// is false. If the policy condition requires that the key is not matched ... the condition is true"; "...IfExists"; "Null"
describe('a missing key', () => {
  it.each<[string, string, string, boolean]>([
    ['StringEquals', 'kms:ViaService', 'x', false],
    ['StringLike', 'kms:ViaService', '*', false],
    ['ArnEquals', 'aws:SourceArn', 'arn:aws:*:*:*:*', false],
    ['Bool', 'aws:SecureTransport', 'false', false],
    ['NumericLessThan', 'secretsmanager:RecoveryWindowInDays', '10', false],
    ['StringNotEquals', 'kms:ViaService', 'x', true],
    ['StringNotLike', 'kms:ViaService', '*', true],
    ['ArnNotLike', 'aws:SourceArn', 'arn:aws:*:*:*:*', true],
    ['StringEqualsIfExists', 'kms:ViaService', 'x', true],
    ['StringNotEqualsIfExists', 'kms:ViaService', 'x', true],
    ['BoolIfExists', 'aws:SecureTransport', 'false', true],
    ['Null', 'kms:ViaService', 'true', true],
    ['Null', 'kms:ViaService', 'false', false],
    ['ForAllValues:StringLike', 'dynamodb:LeadingKeys', 'entry#*', true],
    ['ForAllValues:StringNotLike', 'dynamodb:LeadingKeys', 'entry#*', true],
    ['ForAnyValue:StringLike', 'dynamodb:LeadingKeys', '*', false],
    ['ForAnyValue:StringNotLike', 'dynamodb:LeadingKeys', 'entry#*', false],
  ])('makes %s %s %s %s, and so does an empty list', (name, key, wanted, expected) => {
    expect(holds(name, key, wanted, nothing)).toBe(expected);
    expect(holds(name, key, wanted, having(key, ...[]))).toBe(expected);
  });

  it('is asked for as soon as it is there, IfExists or not', () => {
    expect(holds('StringEqualsIfExists', 'kms:ViaService', 'x', having('kms:ViaService', 'y'))).toBe(false);
    expect(holds('Null', 'kms:ViaService', 'false', having('kms:ViaService', 'y'))).toBe(true);
  });
});

// "Creating a condition with multiple keys or values", evaluation of set operators
describe('several values', () => {
  const key = 'dynamodb:LeadingKeys';
  const patterns = ['entry#*', 'pending#*'];

  it.each<[string, readonly string[], boolean]>([
    ['ForAllValues:StringLike', ['entry#1', 'pending#2'], true],
    ['ForAllValues:StringLike', ['entry#1', 'order#2'], false],
    ['ForAnyValue:StringLike', ['order#1', 'pending#2'], true],
    ['ForAnyValue:StringLike', ['order#1', 'head'], false],
    ['ForAllValues:StringNotLike', ['order#1', 'head'], true],
    ['ForAllValues:StringNotLike', ['order#1', 'entry#1'], false],
    ['ForAnyValue:StringNotLike', ['order#1', 'entry#1'], true],
    ['ForAnyValue:StringNotLike', ['pending#1', 'entry#1'], false],
    // "an empty data set (for example, an empty string)"
    ['ForAllValues:StringLike', ['', ''], true],
    ['ForAnyValue:StringNotLike', ['', ''], false],
  ])('%s of %j: %s', (name, values, expected) => {
    expect(holds(name, key, patterns, having(key, ...values))).toBe(expected);
  });

  // EventBridge User Guide, "Using IAM policy conditions": the tables below its examples
  it.each<[string, string | readonly string[], readonly string[], boolean]>([
    ['StringEquals', 'aws.ec2', ['aws.ec2'], true],
    ['StringEquals', 'aws.ec2', ['aws.ec2', 'aws.s3'], false],
    ['StringEquals', ['aws.ec2', 'aws.ecs'], ['aws.ecs'], true],
    ['StringEquals', ['aws.ec2', 'aws.ecs'], ['aws.ec2', 'aws.ecs'], false],
    ['StringEquals', ['aws.ec2', 'aws.ecs'], [], false],
    ['Null', 'false', ['aws.ecs', 'aws.ec2'], true],
    ['Null', 'false', [], false],
    ['ForAllValues:StringEquals', ['aws.ec2', 'aws.s3'], ['aws.ec2', 'aws.s3'], true],
    ['ForAllValues:StringEquals', ['aws.ec2', 'aws.s3'], ['aws.ec2', 'aws.autoscaling'], false],
  ])('%s %j of the sources %j: %s', (name, wanted, sources, expected) => {
    expect(holds(name, 'events:source', wanted, having('events:source', ...sources))).toBe(expected);
  });
});

describe('what is refused', () => {
  it.each([
    ['DateLessThan', 'aws:SourceAccount', ['2020-01-01'], 'the condition operator DateLessThan is not known'],
    ['IpAddress', 'aws:SourceAccount', ['10.0.0.0/8'], 'the condition operator IpAddress is not known'],
    ['ForSomeValues:StringLike', 'aws:SourceAccount', ['1'], 'ForSomeValues:StringLike is not known'],
    ['toString', 'aws:SourceAccount', ['1'], 'the condition operator toString is not known'],
    ['NullIfExists', 'aws:SourceAccount', ['true'], 'the condition operator NullIfExists is not known'],
    [
      'StringEquals',
      'aws:PrincipalTag/team',
      ['a'],
      'no request holds the condition key aws:PrincipalTag/team',
    ],
    ['StringEquals', 'aws:sourcearn', ['a'], 'known, in this spelling: '],
    ['StringEquals', 'dynamodb:Attributes', ['a'], 'dynamodb:Attributes'],
    ['StringEquals', 'kms:ViaService', ['${aws:PrincipalAccount}'], 'policy variables are not known'],
    ['Bool', 'kms:ViaService', ['true'], 'Bool is not for kms:ViaService, which holds a string'],
    ['StringEquals', 'aws:SecureTransport', ['true'], 'holds a bool'],
    ['Bool', 'aws:SecureTransport', ['yes'], 'Bool cannot compare with "yes"'],
    ['ArnLike', 'aws:SourceArn', ['*'], 'ArnLike cannot compare with "*"'],
    ['NumericEquals', 'secretsmanager:RecoveryWindowInDays', ['a week'], 'cannot compare with "a week"'],
    ['Null', 'kms:ViaService', ['no'], 'Null takes "true" or "false", not ["no"]'],
    ['Null', 'kms:ViaService', ['true', 'false'], 'Null takes "true" or "false"'],
    [
      'ForAllValues:StringEquals',
      'kms:ViaService',
      ['a'],
      'holds one value, and ForAllValues holds where it is missing',
    ],
    ['StringLike', 'dynamodb:LeadingKeys', ['a'], 'Write ForAllValues:StringLike or ForAnyValue:StringLike'],
    ['StringNotEquals', 'events:source', ['a'], 'does not say how many of them have to match'],
    [
      'ForAllValues:StringLikeIfExists',
      'dynamodb:LeadingKeys',
      ['a'],
      'Write ForAllValues:StringLike, with Null',
    ],
  ])('%s %s %j: %s', (name, key, wanted, words) => {
    expect(() => readCondition('Queue[0].Condition', { name, key, wanted })).toThrow(words);
    expect(() => readCondition('Queue[0].Condition', { name, key, wanted })).toThrow(
      /^Queue\[0\]\.Condition: /,
    );
  });

  it('is not ForAnyValue of a single value: AWS writes it so for transactions', () => {
    const context = having('dynamodb:EnclosingOperation', 'TransactWriteItems');
    const wanted = ['TransactWriteItems', 'TransactGetItems'];
    expect(holds('ForAnyValue:StringEquals', 'dynamodb:EnclosingOperation', wanted, context)).toBe(true);
    expect(holds('ForAnyValue:StringEquals', 'dynamodb:EnclosingOperation', wanted, nothing)).toBe(false);
  });
});
