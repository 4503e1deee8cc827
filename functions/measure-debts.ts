import { dynamoDb } from '../lib/aws/clients.ts';
import { sealedLedger } from '../lib/aws/dynamodb/readers/ledger.ts';
import { openWork } from '../lib/aws/dynamodb/readers/open-work.ts';
import { registry } from '../lib/aws/dynamodb/readers/registry.ts';
import { turns } from '../lib/aws/dynamodb/readers/turns.ts';
import { createMeter } from '../lib/aws/lambda/meter.ts';
import { log, logged } from '../lib/aws/lambda/log.ts';
import { newId, now, readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { rfc3339 } from '../lib/flows/flow.ts';
import { measureDebts } from '../lib/flows/measure/measure-debts.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['measure-debts']);
const dynamo = dynamoDb();
const { measure, metered } = createMeter(env.RESCIND_STAGE);
const deps = {
  ...registry(dynamo, env.RESCIND_REGISTRY_TABLE),
  work: openWork(dynamo, env.RESCIND_CASES_TABLE),
  ...turns(dynamo, env.RESCIND_CASES_TABLE, { now, newId, rfc3339 }),
  ledger: sealedLedger(dynamo, env.RESCIND_LEDGER_TABLE),
  targets: env.RESCIND_TARGETS,
  measure,
  now,
  log,
};

export const handler = logged(metered(() => measureDebts(deps)));
