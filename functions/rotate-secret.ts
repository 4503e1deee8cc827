import { keySecrets, registrationTokens } from '../lib/aws/secrets/client-secrets.ts';
import { secretsManager } from '../lib/aws/clients.ts';
import { logged } from '../lib/aws/lambda/log.ts';
import { openTables } from '../lib/aws/open-tables.ts';
import { readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { createEgress } from '../lib/connectors/egress.ts';
import { rotateSecret } from '../lib/flows/rotation/rotate-secret.ts';
import { environmentOf } from '../lib/wire/environment.ts';
import { rotationRequest } from '../lib/wire/rotation-request.ts';

const env = readEnvironment(environmentOf['rotate-secret']);
const tables = openTables(env);
const secrets = secretsManager();
const deps = {
  ...tables.recorder,
  ...tables.registry(),
  ...tables.fences(),
  ...createEgress({ rules: env.RESCIND_EGRESS }),
  keys: keySecrets(secrets),
  registrationTokens: registrationTokens(secrets),
};

export const handler = logged(
  tables.metered((event: unknown) => rotateSecret(rotationRequest.parse(event), deps)),
);
