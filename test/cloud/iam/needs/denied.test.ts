import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Clock } from '../../clock.ts';
import { Gateway } from '../../gateway.ts';
import type { Authorization } from '../language/authorization.ts';
import { accessDenied, type Refusal, refusalMessage } from './denied.ts';
import { account, role, service, user } from '../language/statements.ts';

const noAllow: Refusal = { allowed: false, because: 'no-allow', sort: 'identity-based' };
const explicit: Refusal = { allowed: false, because: 'explicit-deny', sort: 'resource-based', by: ['Q[0]'] };
const table = `arn:aws:dynamodb:eu-west-1:${account}:table/Ledger`;
const queue = `arn:aws:sqs:eu-west-1:${account}:plans`;
const key = `arn:aws:kms:eu-west-1:${account}:key/k1`;
const put: Authorization = { action: 'dynamodb:PutItem', resource: table, context: new Map() };
const send: Authorization = { action: 'sqs:SendMessage', resource: queue, context: new Map() };
const decrypt: Authorization = { action: 'kms:Decrypt', resource: key, context: new Map() };
const read: Authorization = {
  action: 'secretsmanager:GetSecretValue',
  resource: `arn:aws:secretsmanager:eu-west-1:${account}:secret:x-a1b2c3`,
  context: new Map(),
  shownAs: 'x',
};

// "Troubleshoot access denied error messages"
describe('a refusal says who, what, where and why', () => {
  const who = 'User: arn:aws:sts::111122223333:assumed-role/worker/run is not authorized to perform:';

  it.each<[Authorization, Refusal, string]>([
    [
      put,
      noAllow,
      `${who} dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
    ],
    [
      put,
      { ...explicit, sort: 'identity-based' },
      `${who} dynamodb:PutItem on resource: ${table} with an explicit deny in an identity-based policy`,
    ],
    [
      decrypt,
      { ...noAllow, sort: 'resource-based' },
      `${who} kms:Decrypt on resource: ${key} because no resource-based policy allows the kms:Decrypt action`,
    ],
    // https://github.com/aws/serverless-application-model/issues/3633
    [
      send,
      noAllow,
      `${who} sqs:sendmessage on resource: ${queue} because no identity-based policy allows the sqs:sendmessage action`,
    ],
    [
      send,
      explicit,
      `${who} sqs:sendmessage on resource: ${queue} with an explicit deny in a resource-based policy`,
    ],
    // https://github.com/cloud-custodian/cloud-custodian/pull/10055: as it was called, not by its ARN
    [
      read,
      explicit,
      `${who} secretsmanager:GetSecretValue on resource: x with an explicit deny in a resource-based policy`,
    ],
    [
      { action: 'xray:PutTraceSegments', resource: '*', context: new Map() },
      noAllow,
      `${who} xray:PutTraceSegments because no identity-based policy allows the xray:PutTraceSegments action`,
    ],
  ])('of %j, %j', (authorization, decision, message) => {
    expect(refusalMessage({ principal: role, authorization, decision })).toBe(message);
  });

  it('names a user and a service by themselves', () => {
    const of = (principal: Parameters<typeof refusalMessage>[0]['principal']) =>
      refusalMessage({ principal, authorization: put, decision: noAllow });
    expect(of(user)).toMatch(/^User: arn:aws:iam::111122223333:user\/ada is not/);
    expect(of(service('events'))).toMatch(/^User: events\.amazonaws\.com is not/);
  });
});

/** What each SDK client makes of a refusal that goes over the wire. */
const answers = {
  dynamodb: {
    target: 'DynamoDB_20120810',
    operation: 'GetItem',
    send: (endpoint: string) =>
      new DynamoDBClient(at(endpoint)).send(new GetItemCommand({ TableName: 'x', Key: { pk: { S: 'a' } } })),
  },
  events: {
    target: 'AWSEvents',
    operation: 'PutEvents',
    send: (endpoint: string) =>
      new EventBridgeClient(at(endpoint)).send(new PutEventsCommand({ Entries: [{ Source: 'x' }] })),
  },
  kms: {
    target: 'TrentService',
    operation: 'GetPublicKey',
    send: (endpoint: string) => new KMSClient(at(endpoint)).send(new GetPublicKeyCommand({ KeyId: 'x' })),
  },
  secretsmanager: {
    target: 'secretsmanager',
    operation: 'GetSecretValue',
    send: (endpoint: string) =>
      new SecretsManagerClient(at(endpoint)).send(new GetSecretValueCommand({ SecretId: 'x' })),
  },
  sqs: {
    target: 'AmazonSQS',
    operation: 'SendMessage',
    send: (endpoint: string) =>
      new SQSClient(at(endpoint)).send(
        new SendMessageCommand({ QueueUrl: `${endpoint}/${account}/plans`, MessageBody: 'x' }),
      ),
  },
} as const;

const at = (endpoint: string) => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'ada', secretAccessKey: 'local' },
  maxAttempts: 1,
});

async function errorOf(name: keyof typeof answers, authorization: Authorization): Promise<unknown> {
  const { target, operation, send: sendIt } = answers[name];
  const gateway = new Gateway(new Clock());
  gateway.admit({ accessKeyId: 'ada', name: 'ada' });
  gateway.add({
    name,
    target,
    contentType: 'application/x-amz-json-1.0',
    operations: {
      [operation]: () =>
        Promise.reject(accessDenied(name, { principal: role, authorization, decision: noAllow })),
    },
  });
  const endpoint = await gateway.listen();
  onTestFinished(() => gateway.close());
  return sendIt(endpoint).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('on the wire', () => {
  it.each<[keyof typeof answers, Authorization, string, number, string]>([
    [
      'dynamodb',
      put,
      'AccessDeniedException',
      400,
      'because no identity-based policy allows the dynamodb:PutItem action',
    ],
    [
      'dynamodb',
      { ...decrypt, via: 'dynamodb' },
      'AccessDeniedException',
      400,
      'KMS key access denied error: User: ',
    ],
    [
      'events',
      { ...put, action: 'events:PutEvents' },
      'AccessDeniedException',
      400,
      'perform: events:PutEvents on',
    ],
    ['kms', decrypt, 'AccessDeniedException', 400, 'perform: kms:Decrypt on'],
    [
      'secretsmanager',
      read,
      'AccessDeniedException',
      400,
      'perform: secretsmanager:GetSecretValue on resource: x ',
    ],
    [
      'secretsmanager',
      { ...decrypt, via: 'secretsmanager' },
      'AccessDeniedException',
      400,
      'Access to KMS is not allowed',
    ],
    ['sqs', send, 'AccessDenied', 403, 'perform: sqs:sendmessage on'],
    ['sqs', { ...decrypt, via: 'sqs' }, 'KmsAccessDenied', 400, 'perform: kms:Decrypt on'],
  ])('%s refuses %j as %s', async (name, authorization, code, httpStatusCode, words) => {
    expect(await errorOf(name, authorization)).toMatchObject({
      name: code,
      message: expect.stringContaining(words) as string,
      $metadata: { httpStatusCode },
    });
  });

  it('Lambda refuses with 403', () => {
    const refused = {
      principal: role,
      authorization: { ...put, action: 'lambda:InvokeFunction' },
      decision: noAllow,
    };
    expect(accessDenied('lambda', refused)).toMatchObject({ code: 'AccessDeniedException', statusCode: 403 });
  });

  it('a service that nobody looked up fails by its name', () => {
    expect(() => accessDenied('s3', { principal: role, authorization: put, decision: noAllow })).toThrow(
      'Nobody said how s3 refuses',
    );
  });
});
