import type { Context } from 'aws-lambda';
import { sqs } from '../lib/aws/clients.ts';
import { obligationRow } from '../lib/aws/dynamodb/readers/obligation-row.ts';
import { operatorRows } from '../lib/aws/dynamodb/readers/operator-rows.ts';
import { logAbout, logged } from '../lib/aws/lambda/log.ts';
import { openTables } from '../lib/aws/open-tables.ts';
import { plansQueue } from '../lib/aws/queues/queues.ts';
import { readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { whyUnreachableUnder } from '../lib/connectors/egress/reach.ts';
import { operate } from '../lib/flows/operate/operate.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf.operate);
const tables = openTables(env);
const deps = {
  ...tables.recorder,
  ...tables.registry(),
  ...tables.cases(),
  ...tables.fences(),
  ...obligationRow(tables.dynamo, env.RESCIND_CASES_TABLE),
  ...operatorRows(tables.dynamo, env.RESCIND_CASES_TABLE),
  ...plansQueue(sqs(), env.RESCIND_PLANS_QUEUE_URL),
  whyUnreachable: whyUnreachableUnder(env.RESCIND_EGRESS),
  regimes: Object.keys(env.RESCIND_TARGETS),
};

export const handler = logged(
  tables.metered((event: unknown, context: Context) =>
    logAbout({}, () => operate(event, { ...deps, remainingMs: () => context.getRemainingTimeInMillis() })),
  ),
);
