import { keySecrets, registrationTokens } from '../lib/aws/secrets/client-secrets.ts';
import { secretsManager, sqs } from '../lib/aws/clients.ts';
import { seenNotes } from '../lib/aws/dynamodb/readers/seen-notes.ts';
import { turns } from '../lib/aws/dynamodb/readers/turns.ts';
import { onMessages } from '../lib/aws/lambda/handlers.ts';
import { handleOpener } from '../lib/aws/secrets/handles.ts';
import { logged } from '../lib/aws/lambda/log.ts';
import { openTables } from '../lib/aws/open-tables.ts';
import { obligationsQueue } from '../lib/aws/queues/queues.ts';
import { newId, now, readEnvironment, sleep } from '../lib/aws/lambda/runtime.ts';
import { cachedSecrets } from '../lib/aws/secrets/secrets.ts';
import { createEgress } from '../lib/connectors/egress.ts';
import { rfc3339 } from '../lib/flows/flow.ts';
import { connectAuthority } from '../lib/flows/work/connect-authority.ts';
import { workObligations } from '../lib/flows/work/work-obligations.ts';
import { environmentOf } from '../lib/wire/environment.ts';
import { obligationMessage } from '../lib/wire/messages.ts';

const env = readEnvironment(environmentOf['work-obligations']);
const tables = openTables(env);
const secrets = secretsManager();
const secret = cachedSecrets(secrets, now);
const deps = {
  ...tables.recorder,
  ...tables.registry(),
  ...tables.cases(),
  ...obligationsQueue(sqs(), env.RESCIND_OBLIGATIONS_QUEUE_URL),
  ...createEgress({ rules: env.RESCIND_EGRESS }),
  ...turns(tables.dynamo, env.RESCIND_CASES_TABLE, { now, newId, rfc3339 }),
  notes: seenNotes(tables.dynamo, env.RESCIND_CASES_TABLE),
  openHandle: handleOpener({
    handleKeys: () => secret(env.RESCIND_HANDLE_KEY_SECRET),
    fingerprintKey: () => secret(env.RESCIND_FINGERPRINT_KEY_SECRET),
  }),
  secret,
  keys: keySecrets(secrets),
  registrationTokens: registrationTokens(secrets),
  measure: tables.measure,
  random: Math.random,
  sleep,
};

export const handler = logged(
  tables.metered(
    onMessages(obligationMessage, (chunk, clock) =>
      workObligations(chunk, { ...deps, ...clock, connect: connectAuthority({ ...deps, ...clock }) }),
    ),
  ),
);
