import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allowsOf } from '../../lib/stack/checks/statements.ts';
import { deployerPolicies } from '../docs/blocks.ts';
import { stackResources } from '../docs/resources.ts';

/**
 * Actions whose requests hold a key, as far as we name both, from the tables "Actions" of
 * https://docs.aws.amazon.com/service-authorization/latest/reference/. Under a key that a request never holds, an Allow allows nothing: it is a
 * grant that is missing, and looks like one that is there.
 */
const heldBy: Readonly<Record<string, RegExp>> = {
  'aws:RequestTag/rescind:stage': /^kms:TagResource$/,
  'aws:TagKeys': /^kms:TagResource$/,
  'dynamodb:EnclosingOperation': /^dynamodb:(Delete|Get|Put|Update)Item$/,
  'dynamodb:LeadingKeys':
    /^dynamodb:(BatchGetItem|BatchWriteItem|ConditionCheckItem|(Delete|Get|Put|Update)Item|Query)$/,
  'events:source': /^events:PutEvents$/,
  'iam:PassedToService': /^iam:PassRole$/,
  // what encrypts and decrypts, and grants that let others do it: not DescribeKey, though AWS's own example for log groups has it there
  'kms:EncryptionContext:':
    /^kms:(CreateGrant|Decrypt|Encrypt|GenerateDataKey(Pair)?(WithoutPlaintext)?|ReEncrypt(From|To)|RetireGrant)$/,
  'kms:GrantIsForAWSResource': /^kms:(Create|Revoke)Grant$/,
  'kms:MessageType': /^kms:(Sign|Verify)$/,
  'kms:SigningAlgorithm': /^kms:(Sign|Verify)$/,
  'lambda:FunctionArn': /^lambda:(Create|Delete|Get|Update)EventSourceMapping$/,
  'lambda:FunctionUrlAuthType': /^lambda:InvokeFunctionUrl$/,
  'lambda:InvokedViaFunctionUrl': /^lambda:InvokeFunction$/,
  // of every request, or of every request to KMS
  'aws:PrincipalArn': /./,
  'aws:SourceAccount': /./,
  'aws:SourceArn': /./,
  'kms:CallerAccount': /^kms:/,
  'kms:ViaService': /^kms:/,
};
const rowOf = (key: string) =>
  Object.keys(heldBy).find((row) => (row.endsWith(':') ? key.startsWith(row) : key === row));

interface Conditioned {
  readonly where: string;
  readonly actions: readonly unknown[];
  readonly conditions: unknown;
}

/** The keys that an Allow asks for and that its actions do not hold, or of which nobody said. */
const neverHeld = ({ where, actions, conditions }: Conditioned) =>
  Object.entries((conditions ?? {}) as Readonly<Record<string, object>>)
    .filter(([operator]) => !operator.endsWith('IfExists'))
    .flatMap(([, compared]) => Object.keys(compared))
    .flatMap((key) =>
      actions
        .filter((action) => !heldBy[rowOf(key) ?? '']?.test(String(action)))
        .map((action) => `${where}: ${key} of ${String(action)}`),
    );

describe('a condition of what is allowed asks for keys that the request holds', () => {
  const resources = Object.fromEntries(
    Object.entries(stackResources()).map(([id, one]) => [id, { ...one, Properties: one.Properties ?? {} }]),
  );

  it('in the template', () => {
    const allows = allowsOf(resources).map((one) => ({ ...one, where: `${one.resource} ${one.at}` }));
    expect(allows.filter(({ conditions }) => conditions !== undefined).length).toBeGreaterThan(50);
    expect(allows.flatMap(neverHeld)).toEqual([]);
  });

  it('in the policies of the deployer', () => {
    const allows = deployerPolicies.flatMap((path) => {
      const Properties = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
      return allowsOf({ [path]: { Type: 'AWS::IAM::ManagedPolicy', Properties } }).map((one) => ({
        ...one,
        where: `${path} ${one.at}`,
      }));
    });
    expect(allows.length).toBeGreaterThan(30);
    expect(allows.flatMap(neverHeld)).toEqual([]);
  });

  it('or is found', () => {
    const looks = {
      where: 'Key',
      actions: ['kms:Decrypt', 'kms:DescribeKey'],
      conditions: { StringLike: { 'kms:EncryptionContext:aws:logs:arn': 'x' } },
    };
    expect(neverHeld(looks)).toEqual(['Key: kms:EncryptionContext:aws:logs:arn of kms:DescribeKey']);
  });
});
