import type { Context, SQSEvent } from 'aws-lambda';
import { cases } from '../lib/aws/dynamodb/readers/cases.ts';
import { dynamoDb, eventBridge, secretsManager, sqs } from '../lib/aws/clients.ts';
import { fences } from '../lib/aws/dynamodb/readers/fences.ts';
import { outbox } from '../lib/aws/outbox.ts';
import { plansQueue, rejectedQueue } from '../lib/aws/queues.ts';
import { recorder } from '../lib/aws/recorder.ts';
import { registry } from '../lib/aws/dynamodb/readers/registry.ts';
import { logged } from '../lib/aws/log.ts';
import { createMeter } from '../lib/aws/meter.ts';
import { accountOf, eachRecord, now, readEnvironment } from '../lib/aws/runtime.ts';
import { cachedSecrets } from '../lib/aws/secrets.ts';
import { takeSignal } from '../lib/flows/intake/take-signal.ts';
import { fingerprint, fingerprintFor, type Purpose } from '../lib/keys/fingerprint.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['take-signal']);
const { measure, metered } = createMeter(env.RESCIND_STAGE);
const dynamo = dynamoDb();
const queues = sqs();
const secret = cachedSecrets(secretsManager(), now);
const tables = {
  registry: env.RESCIND_REGISTRY_TABLE,
  fences: env.RESCIND_FENCES_TABLE,
  cases: env.RESCIND_CASES_TABLE,
  ledger: env.RESCIND_LEDGER_TABLE,
};
const fingerprintKey = () => secret(env.RESCIND_FINGERPRINT_KEY_SECRET);
const deps = {
  ...recorder(dynamo, tables, outbox(dynamo, tables.cases, eventBridge(), env.RESCIND_BUS), measure),
  ...registry(dynamo, tables.registry),
  ...cases(dynamo, tables.cases),
  ...fences(dynamo, tables.fences),
  measure,
  senders: env.RESCIND_SENDERS,
  fingerprint: async (hash: string) => fingerprint(await fingerprintKey(), hash),
  fingerprintFor: async (purpose: Purpose, text: string) =>
    fingerprintFor(purpose, await fingerprintKey(), text),
  wakePlanner: plansQueue(queues, env.RESCIND_PLANS_QUEUE_URL),
  sendRejected: rejectedQueue(queues, env.RESCIND_REJECTED_QUEUE_URL),
};

export const handler = logged(
  metered((event: SQSEvent, context: Context) =>
    eachRecord(event, context, (body) => takeSignal(body, { ...deps, account: accountOf(context) })),
  ),
);
