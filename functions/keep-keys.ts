import { dynamoDb, secretsManager } from '../lib/aws/clients.ts';
import { committer } from '../lib/aws/dynamodb/commit.ts';
import { registry } from '../lib/aws/dynamodb/readers/registry.ts';
import { tablesFrom } from '../lib/aws/dynamodb/tables.ts';
import { log, logged } from '../lib/aws/lambda/log.ts';
import { newId, now, readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { keptSecret } from '../lib/aws/secrets/secrets.ts';
import { keepKeys } from '../lib/flows/sweeps/keep-keys.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['keep-keys']);
const dynamo = dynamoDb();
const secrets = secretsManager();
const tables = { registry: env.RESCIND_REGISTRY_TABLE, ledger: env.RESCIND_LEDGER_TABLE };
const deps = {
  commit: committer(dynamo, tablesFrom(tables)),
  ...registry(dynamo, tables.registry),
  handleKeys: keptSecret(secrets, env.RESCIND_HANDLE_KEY_SECRET),
  fingerprintKey: keptSecret(secrets, env.RESCIND_FINGERPRINT_KEY_SECRET),
  now,
  newId,
  log,
};

export const handler = logged(() => keepKeys(deps));
