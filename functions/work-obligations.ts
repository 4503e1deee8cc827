import type { Context, SQSEvent } from 'aws-lambda';
import { keySecrets, registrationTokens } from '../lib/aws/client-secrets.ts';
import { cases } from '../lib/aws/dynamodb/readers/cases.ts';
import { dynamoDb, eventBridge, secretsManager, sqs } from '../lib/aws/clients.ts';
import { handleOpener } from '../lib/aws/handles.ts';
import { leases } from '../lib/aws/dynamodb/readers/leases.ts';
import { outbox } from '../lib/aws/outbox.ts';
import { obligationsQueue } from '../lib/aws/queues.ts';
import { recorder } from '../lib/aws/recorder.ts';
import { registry } from '../lib/aws/dynamodb/readers/registry.ts';
import { logged } from '../lib/aws/log.ts';
import { createMeter } from '../lib/aws/meter.ts';
import { eachRecord, newId, now, ownMessage, readEnvironment } from '../lib/aws/runtime.ts';
import { cachedSecrets } from '../lib/aws/secrets.ts';
import { createEgress } from '../lib/connectors/egress.ts';
import { fetchWhile } from '../lib/connectors/egress/fetch-while.ts';
import { createOAuthConnector } from '../lib/connectors/oauth/oauth-connector.ts';
import type { Authority } from '../lib/domain/inventory/authority.ts';
import { callReserveMs } from '../lib/domain/limits.ts';
import { type ClientKeys, connectClient } from '../lib/flows/work/connect-client.ts';
import { workObligations } from '../lib/flows/work/work-obligations.ts';
import { environmentOf } from '../lib/wire/environment.ts';
import { obligationMessage } from '../lib/wire/messages.ts';

const env = readEnvironment(environmentOf['work-obligations']);
const { measure, metered } = createMeter(env.RESCIND_STAGE);
const dynamo = dynamoDb();
const secrets = secretsManager();
const secret = cachedSecrets(secrets, now);
const { fetch } = createEgress({ rules: env.RESCIND_EGRESS });
const tables = {
  registry: env.RESCIND_REGISTRY_TABLE,
  cases: env.RESCIND_CASES_TABLE,
  ledger: env.RESCIND_LEDGER_TABLE,
};
const deps = {
  ...recorder(dynamo, tables, outbox(dynamo, tables.cases, eventBridge(), env.RESCIND_BUS), measure),
  ...registry(dynamo, tables.registry),
  ...cases(dynamo, tables.cases),
  ...obligationsQueue(sqs(), env.RESCIND_OBLIGATIONS_QUEUE_URL),
  leases: leases(dynamo, tables.cases, { now, newId }),
  openHandle: handleOpener({
    handleKeys: () => secret(env.RESCIND_HANDLE_KEY_SECRET),
    fingerprintKey: () => secret(env.RESCIND_FINGERPRINT_KEY_SECRET),
  }),
  keys: keySecrets(secrets),
  registrationTokens: registrationTokens(secrets),
  measure,
  random: Math.random,
};

const connectTokens = (authority: Authority) =>
  createOAuthConnector(authority, {
    fetch,
    now,
    clientKey: (options) => secret(authority.auth.secretName, options),
  });

const handle = (body: string, remainingMs: () => number) =>
  workObligations(obligationMessage.parse(JSON.parse(body)), {
    ...deps,
    remainingMs,
    connect: (authority: Authority, of?: ClientKeys) => {
      if (!of) return connectTokens(authority);
      // one verb for a key is several calls
      const timely = fetchWhile(fetch, () => remainingMs() > callReserveMs);
      return connectClient(authority, of, { ...deps, fetch: timely });
    },
  });

export const handler = logged(
  metered((event: SQSEvent, context: Context) =>
    eachRecord(event, context, (body) => handle(body, () => context.getRemainingTimeInMillis()), ownMessage),
  ),
);
