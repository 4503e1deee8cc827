import type { Context } from 'aws-lambda';
import { keySecrets, rotationStarter } from '../lib/aws/client-secrets.ts';
import { dynamoDb, eventBridge, secretsManager, sqs } from '../lib/aws/clients.ts';
import { fences } from '../lib/aws/dynamodb/readers/fences.ts';
import { registry } from '../lib/aws/dynamodb/readers/registry.ts';
import { outbox } from '../lib/aws/outbox.ts';
import { obligationsQueue } from '../lib/aws/queues.ts';
import { recorder } from '../lib/aws/recorder.ts';
import { logged } from '../lib/aws/log.ts';
import { createMeter } from '../lib/aws/meter.ts';
import { readEnvironment } from '../lib/aws/runtime.ts';
import { rotateDue } from '../lib/flows/rotation/rotate-due.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['rotate-due']);
const { measure, metered } = createMeter(env.RESCIND_STAGE);
const dynamo = dynamoDb();
const secrets = secretsManager();
const tables = {
  registry: env.RESCIND_REGISTRY_TABLE,
  fences: env.RESCIND_FENCES_TABLE,
  cases: env.RESCIND_CASES_TABLE,
  ledger: env.RESCIND_LEDGER_TABLE,
};
const deps = {
  ...recorder(dynamo, tables, outbox(dynamo, tables.cases, eventBridge(), env.RESCIND_BUS), measure),
  ...registry(dynamo, tables.registry),
  ...fences(dynamo, tables.fences),
  ...obligationsQueue(sqs(), env.RESCIND_OBLIGATIONS_QUEUE_URL),
  keys: { ...keySecrets(secrets), ...rotationStarter(secrets, env.RESCIND_ROTATE_FUNCTION) },
};

export const handler = logged(
  metered((_: unknown, context: Context) =>
    rotateDue({ ...deps, remainingMs: () => context.getRemainingTimeInMillis() }),
  ),
);
