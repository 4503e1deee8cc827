import { sqs } from '../lib/aws/clients.ts';
import { onSchedule } from '../lib/aws/lambda/handlers.ts';
import { logged } from '../lib/aws/lambda/log.ts';
import { openTables } from '../lib/aws/open-tables.ts';
import { obligationsQueue, plansQueue } from '../lib/aws/queues/queues.ts';
import { readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { expireCredentials } from '../lib/flows/sweeps/expire-credentials.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['expire-credentials']);
const tables = openTables(env);
const queues = sqs();
const deps = {
  ...tables.recorder,
  ...tables.registry(),
  ...tables.fences(),
  ...obligationsQueue(queues, env.RESCIND_OBLIGATIONS_QUEUE_URL),
  ...plansQueue(queues, env.RESCIND_PLANS_QUEUE_URL),
};

export const handler = logged(tables.metered(onSchedule(expireCredentials, deps)));
