import type { LocalService, Operation } from '../../service.ts';
import { createSecret } from './create-secret.ts';
import { deleteSecret, restoreSecret } from './delete-secret.ts';
import { describeSecret, getSecretValue, listSecretVersionIds } from './read-secret.ts';
import { putSecretValue } from './put-secret-value.ts';
import { parseRequest, type Request, type requests } from './requests.ts';
import { cancelRotateSecret, rotateSecret } from './rotate-secret.ts';
import type { RotationRules } from './rotation.ts';
import type { Secret } from './secret.ts';
import { Rotations } from './rotations.ts';
import { SecretStore } from './secret-store.ts';
import { updateSecretVersionStage } from './update-version-stage.ts';
import type { SecretsWorld } from './world.ts';

/** The local stand-in for AWS Secrets Manager. */
export interface SecretsManager extends LocalService {
  /** Makes a secret as CloudFormation would, with a first version where a value is given, and gives its ARN. */
  createSecret(settings: { readonly name: string; readonly value?: string }): string;
  /** Turns rotation on as CloudFormation would; refuses what RotateSecret refuses. */
  rotateSecret(settings: {
    readonly secretId: string;
    readonly functionArn: string;
    readonly rules?: RotationRules;
    /** @default true */
    readonly immediately?: boolean;
  }): void;
  /** A secret by its name or ARN; undefined where there is none. */
  find(secretId: string): Pick<Secret, 'arn' | 'rotation'> | undefined;
  /** Resolves when no step of a rotation runs; one that waits for its next attempt or window does not count. */
  idle(): Promise<void>;
}

/**
 * Makes an empty Secrets Manager. Each operation runs in one go, so that of two calls at once one is wholly first.
 * Rotation by Lambda function is here; managed rotation, replication, resource policies, tags and encryption are not.
 */
export function createSecretsManager(world: SecretsWorld): SecretsManager {
  const store = new SecretStore(world.clock);
  const rotations = new Rotations(store, world);
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
      RotateSecret: on('RotateSecret', (request) => rotateSecret(store, { ...world, rotations }, request)),
      CancelRotateSecret: on('CancelRotateSecret', (request) =>
        cancelRotateSecret(store, rotations, request),
      ),
    },
    createSecret: ({ name, value }) =>
      createSecret(store, world, { Name: name, ...(value === undefined ? {} : { SecretString: value }) }).ARN,
    rotateSecret({ secretId, functionArn, rules, immediately = true }) {
      const request = { SecretId: secretId, RotationLambdaARN: functionArn, RotateImmediately: immediately };
      const rotating = parseRequest('RotateSecret', { ...request, ...(rules && { RotationRules: rules }) });
      rotateSecret(store, { ...world, rotations }, rotating);
    },
    find: (secretId) => store.look(secretId),
    idle: () => rotations.idle(),
  };
}
