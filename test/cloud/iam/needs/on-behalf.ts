import * as z from 'zod';
import type { Act } from './acting-services.ts';
import { type Authorization, contextOf, type Directory, type SentCall } from '../language/authorization.ts';
import { tablesOf } from './requests/dynamodb.ts';
import { prefixed } from './requests/kms.ts';
import { queueArnOf } from './requests/sqs.ts';
import { neededFor } from './requests.ts';

/** What a service asks of the caller's permissions when it does an operation for them. */
type Rule = (call: SentCall, directory: Directory) => readonly Authorization[];

const onSecret = z.object({ SecretId: z.string() });
const rotation = onSecret.extend({ RotationLambdaARN: z.string().optional() });
const onQueue = z.object({ QueueUrl: z.string() });

/**
 * "When you access an encrypted DynamoDB table, DynamoDB needs to decrypt the table key ... The user is the principal in your AWS
 * account who is accessing the table", with table and account as encryption context; it asks again after five minutes
 * without a request: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * Writes need it too: PutItem was refused for want of kms:Decrypt (https://github.com/aws/aws-cdk/issues/10010). Encrypt, ReEncrypt,
 * GenerateDataKey, DescribeKey and CreateGrant are asked of "the principal who makes the selection" of the key.
 */
const useTable: Rule = (call, directory) =>
  [...tablesOf(neededFor(call, directory))].flatMap((arn) => {
    const name = arn.slice(arn.indexOf('/') + 1);
    const key = directory.table(name)?.keyArn;
    if (key === undefined) return [];
    return [
      throughService('dynamodb', 'Decrypt', key, directory, {
        'aws:dynamodb:tableName': name,
        'aws:dynamodb:subscriberId': directory.account,
      }),
    ];
  });

/**
 * "GetSecretValue: Secrets Manager decrypts the secret value before returning it to the caller." "PutSecretValue: Secrets Manager requests
 * a new data key", and decrypts where the version is there already: both are asked for here, always. Its encryption context
 * holds the version too, which is not known before the call and left out.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
const useSecret =
  (...actions: readonly string[]): Rule =>
  ({ input }, directory) => {
    const { arn, keyArn } = directory.secret(onSecret.parse(input).SecretId) ?? {};
    if (arn === undefined || keyArn === undefined) return [];
    return actions.map((action) =>
      throughService('secretsmanager', action, keyArn, directory, { SecretARN: arn }),
    );
  };

/**
 * "You also need lambda:InvokeFunction permissions on the rotation function", beside what lets Secrets Manager itself invoke it:
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
 */
const rotate: Rule = ({ input }, directory) => {
  const { SecretId, RotationLambdaARN } = rotation.parse(input);
  const functionArn = RotationLambdaARN ?? directory.secret(SecretId)?.rotationFunctionArn;
  if (functionArn === undefined) return [];
  return [
    {
      action: 'lambda:InvokeFunction',
      resource: functionArn,
      context: contextOf(calledVia('secretsmanager')),
      via: 'secretsmanager',
    },
  ];
};

/**
 * "The producer must have the kms:GenerateDataKey and kms:Decrypt permissions", the consumer kms:Decrypt; a queue with keys of SQS's own
 * (SSE-SQS) asks for nothing: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
const useQueue =
  (...actions: readonly string[]): Rule =>
  ({ input }, directory) => {
    const arn = queueArnOf(onQueue.parse(input).QueueUrl, directory.region);
    return throughQueue(arn, actions, directory);
  };

/** What each action on an encrypted queue asks of the key. */
const ofQueues: Readonly<Record<string, readonly string[]>> = {
  'sqs:ReceiveMessage': ['Decrypt'],
  'sqs:SendMessage': ['GenerateDataKey', 'Decrypt'],
};

/**
 * The same of a service that sends or receives by itself, or by a role that it was given: "Several AWS services act as event sources that
 * can send events to Amazon SQS queues. To allow these event sources to work with encrypted queues, you must create a customer managed
 * KMS key and add permissions in the key policy for the service".
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services
 */
export function withKeys(acts: readonly Act[], directory: Directory): readonly Act[] {
  return acts.flatMap((act) => {
    const { action, resource } = act.authorization;
    const keys = throughQueue(resource, ofQueues[action] ?? [], directory);
    return [act, ...keys.map((authorization) => ({ principal: act.principal, authorization }))];
  });
}

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
function throughQueue(
  arn: string,
  actions: readonly string[],
  directory: Directory,
): readonly Authorization[] {
  const key = directory.keyOfQueue(arn);
  if (key === undefined) return [];
  return actions.map((action) => throughService('sqs', action, key, directory, { 'aws:sqs:arn': arn }));
}

const rules: Readonly<Record<string, Rule>> = {
  'dynamodb:BatchGetItem': useTable,
  'dynamodb:BatchWriteItem': useTable,
  'dynamodb:DeleteItem': useTable,
  'dynamodb:GetItem': useTable,
  'dynamodb:PutItem': useTable,
  'dynamodb:Query': useTable,
  'dynamodb:Scan': useTable,
  'dynamodb:TransactGetItems': useTable,
  'dynamodb:TransactWriteItems': useTable,
  'dynamodb:UpdateItem': useTable,
  'secretsmanager:GetSecretValue': useSecret('Decrypt'),
  'secretsmanager:PutSecretValue': useSecret('GenerateDataKey', 'Decrypt'),
  'secretsmanager:RotateSecret': rotate,
  'sqs:ReceiveMessage': useQueue('Decrypt'),
  'sqs:SendMessage': useQueue('GenerateDataKey', 'Decrypt'),
  'sqs:SendMessageBatch': useQueue('GenerateDataKey', 'Decrypt'),
};

/** What AWS asks in the caller's name beside what the caller asks for itself. Empty for most operations. */
export function neededOnBehalf(call: SentCall, directory: Directory): readonly Authorization[] {
  const name = `${call.service}:${call.operation}`;
  return Object.hasOwn(rules, name) ? (rules[name]?.(call, directory) ?? []) : [];
}

function throughService(
  service: 'dynamodb' | 'secretsmanager' | 'sqs',
  action: string,
  keyArn: string,
  { account, region }: Directory,
  encryptionContext: Readonly<Record<string, string>>,
): Authorization {
  return {
    action: `kms:${action}`,
    resource: keyArn,
    context: contextOf({
      'kms:CallerAccount': account,
      // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
      'kms:ViaService': `${service}.${region}.amazonaws.com`,
      ...prefixed(encryptionContext),
      ...calledVia(service),
    }),
    via: service,
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia */
function calledVia(service: string): Record<string, string | readonly string[]> {
  return { 'aws:ViaAWSService': 'true', 'aws:CalledVia': [`${service}.amazonaws.com`] };
}
