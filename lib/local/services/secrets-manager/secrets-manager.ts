import type { LocalService, Operation } from '../../service.ts';
import { createSecret } from './create-secret.ts';
import { deleteSecret, restoreSecret } from './delete-secret.ts';
import { describeSecret, getSecretValue, listSecretVersionIds } from './read-secret.ts';
import { putSecretValue } from './put-secret-value.ts';
import { parseRequest, type Request, type requests } from './requests.ts';
import { SecretStore } from './secret-store.ts';
import { updateSecretVersionStage } from './update-version-stage.ts';
import type { SecretsWorld } from './world.ts';

/** The local stand-in for AWS Secrets Manager. */
export interface SecretsManager extends LocalService {
  /** Makes a secret as CloudFormation would, with a first version where a value is given, and gives its ARN. */
  createSecret(settings: { readonly name: string; readonly value?: string }): string;
}

/**
 * Makes an empty Secrets Manager. Each operation runs in one go, so that of two calls at once one is wholly first.
 * Rotation, replication, resource policies, tags and encryption are not here.
 */
export function createSecretsManager(world: SecretsWorld): SecretsManager {
  const store = new SecretStore(world.clock);
  const on =
    <Name extends keyof typeof requests>(
      name: Name,
      perform: (request: Request<Name>) => object,
    ): Operation =>
    async (input) =>
      perform(parseRequest(name, input));

  return {
    name: 'secretsmanager',
    target: 'secretsmanager',
    contentType: 'application/x-amz-json-1.1',
    operations: {
      CreateSecret: on('CreateSecret', (request) => createSecret(store, world, request)),
      GetSecretValue: on('GetSecretValue', (request) => getSecretValue(store, request)),
      PutSecretValue: on('PutSecretValue', (request) => putSecretValue(store, world, request)),
      DescribeSecret: on('DescribeSecret', (request) => describeSecret(store, request)),
      ListSecretVersionIds: on('ListSecretVersionIds', (request) => listSecretVersionIds(store, request)),
      UpdateSecretVersionStage: on('UpdateSecretVersionStage', (request) =>
        updateSecretVersionStage(store, world, request),
      ),
      DeleteSecret: on('DeleteSecret', (request) => deleteSecret(store, world, request)),
      RestoreSecret: on('RestoreSecret', (request) => restoreSecret(store, request)),
    },
    createSecret: ({ name, value }) =>
      createSecret(store, world, { Name: name, ...(value === undefined ? {} : { SecretString: value }) }).ARN,
  };
}
