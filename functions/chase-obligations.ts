import { dynamoDb, sqs } from '../lib/aws/clients.ts';
import { cases } from '../lib/aws/dynamodb/readers/cases.ts';
import { turns } from '../lib/aws/dynamodb/readers/turns.ts';
import { onSchedule } from '../lib/aws/lambda/handlers.ts';
import { log, logged } from '../lib/aws/lambda/log.ts';
import { obligationsQueue, plansQueue } from '../lib/aws/queues/queues.ts';
import { newId, now, readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { rfc3339 } from '../lib/flows/flow.ts';
import { chaseObligations } from '../lib/flows/sweeps/chase-obligations.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['chase-obligations']);
const dynamo = dynamoDb();
const queues = sqs();
const deps = {
  ...cases(dynamo, env.RESCIND_CASES_TABLE),
  ...turns(dynamo, env.RESCIND_CASES_TABLE, { now, newId, rfc3339 }),
  ...obligationsQueue(queues, env.RESCIND_OBLIGATIONS_QUEUE_URL),
  ...plansQueue(queues, env.RESCIND_PLANS_QUEUE_URL),
  now,
  log,
};

export const handler = logged(onSchedule(chaseObligations, deps));
