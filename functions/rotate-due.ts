import { keySecrets, rotationStarter } from '../lib/aws/secrets/client-secrets.ts';
import { secretsManager, sqs } from '../lib/aws/clients.ts';
import { onSchedule } from '../lib/aws/lambda/handlers.ts';
import { logged } from '../lib/aws/lambda/log.ts';
import { openTables } from '../lib/aws/open-tables.ts';
import { obligationsQueue } from '../lib/aws/queues/queues.ts';
import { readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { rotateDue } from '../lib/flows/rotation/rotate-due.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['rotate-due']);
const tables = openTables(env);
const secrets = secretsManager();
const deps = {
  ...tables.recorder,
  ...tables.registry(),
  ...tables.fences(),
  ...obligationsQueue(sqs(), env.RESCIND_OBLIGATIONS_QUEUE_URL),
  keys: { ...keySecrets(secrets), ...rotationStarter(secrets, env.RESCIND_ROTATE_FUNCTION) },
};

export const handler = logged(tables.metered(onSchedule(rotateDue, deps)));
