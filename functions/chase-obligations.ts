import { dynamoDb, sqs } from '../lib/aws/clients.ts';
import { cases } from '../lib/aws/dynamodb/readers/cases.ts';
import { onSchedule } from '../lib/aws/lambda/handlers.ts';
import { log, logged } from '../lib/aws/lambda/log.ts';
import { obligationsQueue, plansQueue } from '../lib/aws/queues/queues.ts';
import { now, readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { chaseObligations } from '../lib/flows/sweeps/chase-obligations.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['chase-obligations']);
const queues = sqs();
const deps = {
  ...cases(dynamoDb(), env.RESCIND_CASES_TABLE),
  ...obligationsQueue(queues, env.RESCIND_OBLIGATIONS_QUEUE_URL),
  ...plansQueue(queues, env.RESCIND_PLANS_QUEUE_URL),
  now,
  log,
};

export const handler = logged(onSchedule(chaseObligations, deps));
