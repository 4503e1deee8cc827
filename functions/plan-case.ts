import { sqs } from '../lib/aws/clients.ts';
import { onMessages } from '../lib/aws/lambda/handlers.ts';
import { logged } from '../lib/aws/lambda/log.ts';
import { openTables } from '../lib/aws/open-tables.ts';
import { obligationsQueue, plansQueue } from '../lib/aws/queues/queues.ts';
import { readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { planCase } from '../lib/flows/walk/plan-case.ts';
import { environmentOf } from '../lib/wire/environment.ts';
import { planMessage } from '../lib/wire/messages.ts';

const env = readEnvironment(environmentOf['plan-case']);
const tables = openTables(env);
const queues = sqs();
const deps = {
  ...tables.recorder,
  ...tables.registry(),
  ...tables.cases(),
  ...tables.fences(),
  ...obligationsQueue(queues, env.RESCIND_OBLIGATIONS_QUEUE_URL),
  ...plansQueue(queues, env.RESCIND_PLANS_QUEUE_URL),
};

export const handler = logged(
  tables.metered(onMessages(planMessage, ({ case: id }, clock) => planCase(id, { ...deps, ...clock }))),
);
