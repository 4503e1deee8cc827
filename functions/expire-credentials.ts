import type { Context } from 'aws-lambda';
import { dynamoDb, eventBridge, sqs } from '../lib/aws/clients.ts';
import { fences } from '../lib/aws/dynamodb/readers/fences.ts';
import { registry } from '../lib/aws/dynamodb/readers/registry.ts';
import { outbox } from '../lib/aws/outbox.ts';
import { obligationsQueue, plansQueue } from '../lib/aws/queues.ts';
import { recorder } from '../lib/aws/recorder.ts';
import { logged } from '../lib/aws/log.ts';
import { createMeter } from '../lib/aws/meter.ts';
import { readEnvironment } from '../lib/aws/runtime.ts';
import { expireCredentials } from '../lib/flows/sweeps/expire-credentials.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['expire-credentials']);
const { measure, metered } = createMeter(env.RESCIND_STAGE);
const dynamo = dynamoDb();
const queues = sqs();
const tables = {
  registry: env.RESCIND_REGISTRY_TABLE,
  fences: env.RESCIND_FENCES_TABLE,
  cases: env.RESCIND_CASES_TABLE,
  ledger: env.RESCIND_LEDGER_TABLE,
};
const deps = {
  ...recorder(dynamo, tables, outbox(dynamo, tables.cases, eventBridge(), env.RESCIND_BUS), measure),
  ...registry(dynamo, tables.registry),
  ...obligationsQueue(queues, env.RESCIND_OBLIGATIONS_QUEUE_URL),
  ...fences(dynamo, tables.fences),
  wakePlanner: plansQueue(queues, env.RESCIND_PLANS_QUEUE_URL),
};

export const handler = logged(
  metered((_: unknown, context: Context) =>
    expireCredentials({ ...deps, remainingMs: () => context.getRemainingTimeInMillis() }),
  ),
);
