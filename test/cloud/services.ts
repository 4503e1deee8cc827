import { randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Gateway } from './gateway.ts';
import { invokeByRotation, sendByRule } from './iam/needs/acting-services.ts';
import type { Enforcement } from './iam/enforcement.ts';
import { createDynamoDb, type DynamoDb } from './services/dynamodb/dynamodb.ts';
import { createEvents, type Events } from './services/events/events.ts';
import {
  createFunctionUrls,
  type FunctionUrls,
  type FunctionUrlsWorld,
} from './services/function-url/function-url.ts';
import { createKms, type Kms } from './services/kms/kms.ts';
import { createLambda, type Lambda, type LogLine } from './services/lambda/lambda.ts';
import { createScheduler, type Scheduler } from './services/scheduler/scheduler.ts';
import { createSecretsManager, type SecretsManager } from './services/secrets-manager/secrets-manager.ts';
import { stringAttributes } from './services/sqs/message-attributes.ts';
import { createSqs, type Sqs } from './services/sqs/sqs.ts';

/** Where the local cloud says it is. */
export const place = { account: '000000000000', region: 'eu-west-1' } as const;

/** The services of the local cloud, joined to each other as AWS joins them. */
export interface Services {
  readonly dynamo: DynamoDb;
  readonly sqs: Sqs;
  readonly events: Events;
  readonly secrets: SecretsManager;
  readonly kms: Kms;
  readonly scheduler: Scheduler;
  readonly lambda: Lambda;
  /** Listens once it is told to. */
  readonly functionUrls: FunctionUrls;
}

export interface ServicesOptions extends Pick<FunctionUrlsWorld, 'credentials' | 'allows'> {
  readonly onLog: (line: LogLine) => void;
  /** Decides what a service may do by itself. It is asked when something happens, not before. */
  readonly enforcement: () => Pick<Enforcement, 'allows' | 'demand'>;
}

export function createServices(
  clock: Clock,
  gateway: Gateway,
  { onLog, enforcement, ...callers }: ServicesOptions,
): Services {
  const { account, region } = place;
  const dynamo = createDynamoDb({ clock });
  const sqs = createSqs({ clock, account, region, endpoint: () => gateway.endpoint });
  const kms = createKms({ clock, account, region, newId: randomUUID });
  const lambda = createLambda({ clock, onLog });
  const functionUrls = createFunctionUrls({ clock, lambda, region, ...callers });
  const mayRotate = (functionArn: string, secretArn: string) =>
    enforcement().allows([invokeByRotation(functionArn, secretArn)]);
  const secrets = createSecretsManager({
    clock,
    account,
    region,
    newId: randomUUID,
    invoke: async (arn, event) => ({
      ok: mayRotate(arn, event.SecretId) && (await lambda.invoke(arn, event)).ok,
    }),
    mayInvoke: mayRotate,
  });
  const events = createEvents({
    clock,
    account,
    region,
    newId: randomUUID,
    deliver: async (arn, payload, { groupId, attributes, service, arn: ruleArn }) => {
      if (!arn.startsWith('arn:aws:sqs:'))
        throw new Error(`EventBridge has no way to ${arn} here: only to queues`);
      enforcement().demand('sqs', [sendByRule(ruleArn, arn)]);
      const told = attributes && stringAttributes(attributes);
      sqs.send(arn, payload, { groupId, attributes: told, sender: service });
    },
  });
  const scheduler = createScheduler({
    clock,
    // asynchronous invocation: Scheduler hears nothing of what the function does with it (Lambda Developer Guide,
    // "Invoking a Lambda function asynchronously"; Lambda's own two retries are not played here)
    deliver: async (arn, payload) => void (await lambda.invoke(arn, payload)),
  });
  for (const service of [dynamo, sqs, events, secrets, kms]) gateway.add(service);
  return { dynamo, sqs, events, secrets, kms, scheduler, lambda, functionUrls };
}
