import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesAction, matchesArn, matchesResource, matchesText } from './match.ts';

const bucket = 'arn:aws:s3:::amzn-s3-demo-bucket';

// "IAM JSON policy elements: Action" and ": Resource", with AWS's own examples
describe('an action', () => {
  it.each([
    ['sqs:SendMessage', 'sqs:SendMessage', true],
    ['SQS:sendmessage', 'sqs:SendMessage', true],
    ['iam:*AccessKey*', 'iam:CreateAccessKey', true],
    ['iam:*AccessKey*', 'iam:AccessKeyLastUsed', true],
    ['iam:*AccessKey*', 'iam:CreateUser', false],
    ['dynamodb:Get?tem', 'dynamodb:GetItem', true],
    ['dynamodb:Get?Item', 'dynamodb:GetItem', false],
    ['dynamodb:*', 'dynamodb:PutItem', true],
    ['dynamodb:*', 'dax:PutItem', false],
    ['dynamodb:Put', 'dynamodb:PutItem', false],
    ['dynamodb:PutItem', 'dynamodb:PutItems', false],
    ['*', 'kms:Decrypt', true],
  ])('%s names %s: %s', (pattern, action, named) => {
    expect(matchesAction(pattern, action)).toBe(named);
  });
});

describe('a resource', () => {
  it.each([
    // the objects that the page lists for `/*/test/*`, and those that it lists as not named
    [`${bucket}/*/test/*`, `${bucket}/1/test/object.jpg`, true],
    [`${bucket}/*/test/*`, `${bucket}/1/2/test/3/object.jpg`, true],
    [`${bucket}/*/test/*`, `${bucket}/1///test///object.jpg`, true],
    [`${bucket}/*/test/*`, `${bucket}/1/test/.jpg`, true],
    [`${bucket}/*/test/*`, `${bucket}//test/object.jpg`, true],
    [`${bucket}/*/test/*`, `${bucket}/1/test/`, true],
    [`${bucket}/*/test/*`, `${bucket}/1-test/object.jpg`, false],
    [`${bucket}/*/test/*`, `${bucket}/test/object.jpg`, false],
    ['arn:aws:dynamodb:*:*:table/table04', 'arn:aws:dynamodb:eu-west-1:111122223333:table/table04', true],
    ['arn:aws:dynamodb:*:*:table/table04', 'arn:aws:dynamodb:eu-west-1:111122223333:table/table05', false],
    // "If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon boundaries"
    ['arn:aws:logs:eu-west-1:1:log-group:g:*', 'arn:aws:logs:eu-west-1:1:log-group:g:log-stream:s', true],
    ['arn:aws:logs:eu-west-1:1:log-*', 'arn:aws:logs:eu-west-1:1:log-group:g', true],
    ['arn:aws:logs:eu-west-1:1:l*-group', 'arn:aws:logs:eu-west-1:1:l:o:g-group', false],
    ['arn:aws:sqs:eu-west-1:1:q?', 'arn:aws:sqs:eu-west-1:1:q1', true],
    ['arn:aws:sqs:eu-west-1:1:q?', 'arn:aws:sqs:eu-west-1:1:q', false],
    ['arn:aws:sqs:eu-west-1:1:q?r', 'arn:aws:sqs:eu-west-1:1:q:r', false],
    // case counts, and a dot is a dot
    ['arn:aws:sqs:eu-west-1:1:Plans', 'arn:aws:sqs:eu-west-1:1:plans', false],
    ['arn:aws:sqs:eu-west-1:1:a.b', 'arn:aws:sqs:eu-west-1:1:a-b', false],
    ['arn:aws:sqs:eu-west-1:1:a+(b)', 'arn:aws:sqs:eu-west-1:1:a+(b)', true],
    ['*', 'arn:aws:sqs:eu-west-1:1:plans', true],
    ['*', '*', true],
    ['arn:aws:sqs:eu-west-1:1:plans', '*', false],
  ])('%s names %s: %s', (pattern, resource, named) => {
    expect(matchesResource(pattern, resource)).toBe(named);
  });

  it.each([
    ['rescind/client/acme/key-a1b2c3', true],
    ['rescind/client/acme/eu/key-a1b2c3', true],
    // the name alone, a longer end, another secret
    ['rescind/client/acme/key', false],
    ['rescind/client/acme/key-a1b2c3d', false],
    ['rescind/client/acme/registration-a1b2c3', false],
  ])('of all six-character ends of a secret takes %s: %s', (name, named) => {
    const here = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';
    expect(matchesResource(`${here}rescind/client/*/key-??????`, `${here}${name}`)).toBe(named);
  });
});

// "IAM JSON policy elements: Condition operators", the example under "Amazon Resource Name (ARN) condition operators"
describe('an ARN in a condition', () => {
  const pattern = 'arn:aws:someservice:*:111122223333:finance/*';
  const long = 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt';

  it('is compared component by component, where a text is compared as a whole', () => {
    expect(matchesArn(pattern, long)).toBe(false);
    expect(matchesText(pattern, long)).toBe(true);
  });

  it.each([
    [pattern, 'arn:aws:someservice:us-east-2:111122223333:finance/document.txt', true],
    ['arn:aws:events:*:1:rule/*', 'arn:aws:events:eu-west-1:1:rule/bus/signals', true],
    ['arn:aws:logs:*:1:*', 'arn:aws:logs:eu-west-1:1:log-group:g', true],
    ['arn:aws:events:*:1:rule/*', 'events.amazonaws.com', false],
    ['arn:aws:events:*:1', 'arn:aws:events:eu-west-1:1', false],
  ])('%s takes %s: %s', (wanted, arn, taken) => {
    expect(matchesArn(wanted, arn)).toBe(taken);
  });
});

describe('without wildcards', () => {
  const plain = fc.string({ unit: 'grapheme' }).filter((text) => !/[*?]/.test(text));

  it('a pattern is itself and nothing else', () => {
    fc.assert(
      fc.property(plain, plain, (pattern, other) => {
        expect(matchesResource(pattern, pattern)).toBe(true);
        expect(matchesText(pattern, other)).toBe(pattern === other);
      }),
    );
  });

  it('a question mark is one character, whatever it is', () => {
    fc.assert(
      fc.property(plain, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), plain, (a, one, b) => {
        expect(matchesText(`${a}?${b}`, `${a}${one}${b}`)).toBe(true);
      }),
    );
  });
});
