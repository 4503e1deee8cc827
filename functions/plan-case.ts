import type { Context, SQSEvent } from 'aws-lambda';
import { cases } from '../lib/aws/dynamodb/readers/cases.ts';
import { fences } from '../lib/aws/dynamodb/readers/fences.ts';
import { dynamoDb, eventBridge, sqs } from '../lib/aws/clients.ts';
import { outbox } from '../lib/aws/outbox.ts';
import { obligationsQueue, plansQueue } from '../lib/aws/queues.ts';
import { recorder } from '../lib/aws/recorder.ts';
import { registry } from '../lib/aws/dynamodb/readers/registry.ts';
import { logged } from '../lib/aws/log.ts';
import { createMeter } from '../lib/aws/meter.ts';
import { eachRecord, ownMessage, readEnvironment } from '../lib/aws/runtime.ts';
import { planCase } from '../lib/flows/walk/plan-case.ts';
import { environmentOf } from '../lib/wire/environment.ts';
import { planMessage } from '../lib/wire/messages.ts';

const env = readEnvironment(environmentOf['plan-case']);
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
  ...cases(dynamo, tables.cases),
  ...fences(dynamo, tables.fences),
  ...obligationsQueue(queues, env.RESCIND_OBLIGATIONS_QUEUE_URL),
  wakePlanner: plansQueue(queues, env.RESCIND_PLANS_QUEUE_URL),
};

export const handler = logged(
  metered((event: SQSEvent, context: Context) =>
    eachRecord(
      event,
      context,
      (body) => {
        const { case: id } = planMessage.parse(JSON.parse(body));
        return planCase(id, { ...deps, remainingMs: () => context.getRemainingTimeInMillis() });
      },
      ownMessage,
    ),
  ),
);
