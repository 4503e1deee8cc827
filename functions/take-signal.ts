import type { Context, SQSEvent } from 'aws-lambda';
import { secretsManager, sqs } from '../lib/aws/clients.ts';
import { fingerprints } from '../lib/aws/secrets/fingerprints.ts';
import { logged } from '../lib/aws/lambda/log.ts';
import { openTables } from '../lib/aws/open-tables.ts';
import { plansQueue, rejectedQueue, retrySignalSoon } from '../lib/aws/queues/queues.ts';
import { accountOf, eachRecord, now, readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { cachedSecrets } from '../lib/aws/secrets/secrets.ts';
import { takeSignal } from '../lib/flows/intake/take-signal.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['take-signal']);
const tables = openTables(env);
const queues = sqs();
const secret = cachedSecrets(secretsManager(), now);
const deps = {
  ...tables.recorder,
  ...tables.registry(),
  ...tables.cases(),
  ...tables.fences(),
  ...fingerprints(() => secret(env.RESCIND_FINGERPRINT_KEY_SECRET)),
  ...plansQueue(queues, env.RESCIND_PLANS_QUEUE_URL),
  sendRejected: rejectedQueue(queues, env.RESCIND_REJECTED_QUEUE_URL),
  senders: env.RESCIND_SENDERS,
  measure: tables.measure,
};

const retrySoon = retrySignalSoon(queues, env.RESCIND_SIGNALS_QUEUE_URL);

export const handler = logged(
  tables.metered((event: SQSEvent, context: Context) =>
    eachRecord(event, context, {
      handle: (body) => takeSignal(body, { ...deps, account: accountOf(context) }),
      retrySoon,
    }),
  ),
);
