import type { Context } from 'aws-lambda';
import { dynamoDb, eventBridge, sqs } from '../lib/aws/clients.ts';
import { cases } from '../lib/aws/dynamodb/readers/cases.ts';
import { fences } from '../lib/aws/dynamodb/readers/fences.ts';
import { obligationRow } from '../lib/aws/dynamodb/readers/obligation-row.ts';
import { operatorRows } from '../lib/aws/dynamodb/readers/operator-rows.ts';
import { registry } from '../lib/aws/dynamodb/readers/registry.ts';
import { outbox } from '../lib/aws/outbox.ts';
import { plansQueue } from '../lib/aws/queues.ts';
import { recorder } from '../lib/aws/recorder.ts';
import { logAbout, logged } from '../lib/aws/log.ts';
import { createMeter } from '../lib/aws/meter.ts';
import { readEnvironment } from '../lib/aws/runtime.ts';
import { whyUnreachableUnder } from '../lib/connectors/egress/reach.ts';
import { operate } from '../lib/flows/operate/operate.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf.operate);
const { measure, metered } = createMeter(env.RESCIND_STAGE);
const dynamo = dynamoDb();
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
  ...obligationRow(dynamo, tables.cases),
  ...operatorRows(dynamo, tables.cases),
  whyUnreachable: whyUnreachableUnder(env.RESCIND_EGRESS),
  regimes: Object.keys(env.RESCIND_TARGETS),
  wakePlanner: plansQueue(sqs(), env.RESCIND_PLANS_QUEUE_URL),
};

export const handler = logged(
  metered((event: unknown, context: Context) =>
    logAbout({}, () => operate(event, { ...deps, remainingMs: () => context.getRemainingTimeInMillis() })),
  ),
);
