import { keySecrets, registrationTokens } from '../lib/aws/client-secrets.ts';
import { dynamoDb, eventBridge, secretsManager } from '../lib/aws/clients.ts';
import { fences } from '../lib/aws/dynamodb/readers/fences.ts';
import { registry } from '../lib/aws/dynamodb/readers/registry.ts';
import { outbox } from '../lib/aws/outbox.ts';
import { recorder } from '../lib/aws/recorder.ts';
import { logged } from '../lib/aws/log.ts';
import { createMeter } from '../lib/aws/meter.ts';
import { readEnvironment } from '../lib/aws/runtime.ts';
import { createEgress } from '../lib/connectors/egress.ts';
import { rotateSecret } from '../lib/flows/rotation/rotate-secret.ts';
import { environmentOf } from '../lib/wire/environment.ts';
import { rotationRequest } from '../lib/wire/rotation-request.ts';

const env = readEnvironment(environmentOf['rotate-secret']);
const { measure, metered } = createMeter(env.RESCIND_STAGE);
const dynamo = dynamoDb();
const secrets = secretsManager();
const tables = {
  registry: env.RESCIND_REGISTRY_TABLE,
  fences: env.RESCIND_FENCES_TABLE,
  cases: env.RESCIND_CASES_TABLE,
  ledger: env.RESCIND_LEDGER_TABLE,
};
const deps = {
  ...recorder(dynamo, tables, outbox(dynamo, tables.cases, eventBridge(), env.RESCIND_BUS), measure),
  ...registry(dynamo, tables.registry),
  ...fences(dynamo, tables.fences),
  ...createEgress({ rules: env.RESCIND_EGRESS }),
  keys: keySecrets(secrets),
  registrationTokens: registrationTokens(secrets),
};

export const handler = logged(metered((event: unknown) => rotateSecret(rotationRequest.parse(event), deps)));
