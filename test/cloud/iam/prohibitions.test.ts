import { describe, expect, it } from 'vitest';
import type { Act } from './needs/acting-services.ts';
import { by, one, outputs, rule, stack } from './real.ts';
import { account } from './language/statements.ts';

/** What changes or takes away an item, by whatever way; `PutItem` is granted for new entries alone, by conditions. */
const changes = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLSelect',
  'dynamodb:PartiQLUpdate',
  'dynamodb:UpdateItem',
] as const;
const ledger = one('AWS::DynamoDB::Table', 'Ledger').arn;
const functions = stack
  .of('AWS::Lambda::Function')
  .map(({ logicalId }) => logicalId.replace(/Function[0-9A-F]{8}$/, ''));

const decisionOf = (act: Act) => {
  const decision = rule([act])[0]?.decision;
  return decision?.allowed === false ? decision.because : 'allowed';
};

describe('the ledger', () => {
  it.each(functions)('is changed by nobody under a policy that somebody adds: %s', (id) => {
    // the sealer takes markers away, and is held to them by a condition
    const denied = changes.filter((action) => !(id === 'SealLedger' && action === 'dynamodb:DeleteItem'));
    const decided = denied.map((action) => [
      action,
      decisionOf({ principal: by(id), authorization: { action, resource: ledger, context: new Map() } }),
    ]);
    expect(decided).toEqual(denied.map((action) => [action, 'explicit-deny']));
  });
});

const act = (action: string, resource: string, context: Record<string, string> = {}): Act => ({
  principal: { kind: 'user', arn: `arn:aws:iam::${account}:user/administrator` },
  authorization: {
    action,
    resource,
    context: new Map(Object.entries(context).map(([key, value]) => [key, [value]])),
  },
});
const decisionsOf = (actions: readonly string[], resource: string, context?: Record<string, string>) =>
  actions.map((action) => decisionOf(act(action, resource, context)));
const explicitly = (actions: readonly string[]) => actions.map(() => 'explicit-deny');
const insecure = { 'aws:SecureTransport': 'false' };

describe('a queue', () => {
  const queues = stack.of('AWS::SQS::Queue');

  it.each(queues.map(({ logicalId, arn }) => [logicalId, arn]))(
    'is reached over TLS alone: %s',
    (_, resource) => {
      const actions = ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:PurgeQueue', 'sqs:GetQueueAttributes'];
      expect(decisionsOf(actions, resource, insecure)).toEqual(explicitly(actions));
    },
  );

  it.each(queues.map(({ logicalId, arn }) => [logicalId, arn]))(
    'takes nothing from strangers: %s',
    (_, resource) => {
      expect(decisionsOf(['sqs:SendMessage'], resource)).toEqual(['explicit-deny']);
    },
  );

  it.each(
    queues
      .filter(({ logicalId }) => !/^(Rejected|Failed)/.test(logicalId))
      .map(({ logicalId, arn }) => [logicalId, arn]),
  )('gives nothing to strangers: %s', (_, resource) => {
    const actions = [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:PurgeQueue',
      'sqs:ReceiveMessage',
    ];
    expect(decisionsOf(actions, resource)).toEqual(explicitly(actions));
  });
});

describe('a secret of the stack', () => {
  const own = stack.of('AWS::SecretsManager::Secret').map(({ logicalId, arn }) => [logicalId, arn] as const);
  const actions = ['GetSecretValue', 'PutSecretValue', 'RotateSecret', 'UpdateSecretVersionStage'];
  const named = actions.map((action) => `secretsmanager:${action}`);

  it.each(own)('is closed to strangers: %s', (_, resource) => {
    expect(decisionsOf(named, resource)).toEqual(explicitly(named));
  });

  it.each(own)('is reached over TLS alone: %s', (_, resource) => {
    const describing = ['secretsmanager:DescribeSecret'];
    expect(decisionsOf(describing, resource)).toEqual(['no-allow']);
    expect(decisionsOf(describing, resource, insecure)).toEqual(['explicit-deny']);
  });
});

describe('the bus', () => {
  const bus = one('AWS::Events::EventBus', 'SignalBus').arn;
  const sources = (JSON.parse(outputs['RescindSenders'] ?? '[]') as { source: string }[]).map(
    ({ source }) => source,
  );

  it.each([...sources, 'rescind', 'bank.other'])('takes nothing from strangers as %s', (source) => {
    expect(decisionsOf(['events:PutEvents'], bus, { 'events:source': source })).toEqual(['explicit-deny']);
  });

  it('takes nothing of no source', () => {
    expect(decisionsOf(['events:PutEvents'], bus)).toEqual(['explicit-deny']);
  });
});
