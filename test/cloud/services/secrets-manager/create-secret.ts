import { AwsError } from '../../service.ts';
import { putVersion, sameValue, valueOf } from './put-secret-value.ts';
import type { Request } from './requests.ts';
import type { Secret, SecretValue } from './secret.ts';
import type { SecretStore } from './secret-store.ts';
import type { SecretsWorld } from './world.ts';

/** Secrets Manager API Reference, "CreateSecret"; the value may come later. */
export function createSecret(
  store: SecretStore,
  world: SecretsWorld,
  request: Request<'CreateSecret'>,
): { readonly ARN: string; readonly Name: string; readonly VersionId?: string } {
  const value = valueOf(request);
  const existing = store.named(request.Name);
  if (existing) return answerAgain(existing, request, value);

  const now = world.clock.now();
  const secret: Secret = {
    name: request.Name,
    arn: `arn:aws:secretsmanager:${world.region}:${world.account}:secret:${request.Name}-${suffix(world.newId())}`,
    description: request.Description,
    createdAt: now,
    changedAt: now,
    deletedAt: undefined,
    versions: new Map(),
  };
  if (value)
    putVersion(secret, {
      id: request.ClientRequestToken ?? world.newId(),
      value,
      labels: ['AWSCURRENT'],
      now,
    });
  store.add(secret);
  return answer(secret, [...secret.versions.keys()][0]);
}

/** The same request again is answered again; any other one for the same name is refused. */
function answerAgain(secret: Secret, request: Request<'CreateSecret'>, value: SecretValue | undefined) {
  if (secret.deletedAt !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  const version = secret.versions.get(request.ClientRequestToken ?? '');
  if (version?.value && value && sameValue(version.value, value)) return answer(secret, version.id);
  throw new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${request.Name} already exists.`,
  );
}

function answer(secret: Secret, versionId: string | undefined) {
  return { ARN: secret.arn, Name: secret.name, ...(versionId === undefined ? {} : { VersionId: versionId }) };
}

/** The six characters that AWS adds, so that a secret made anew under an old name is another one. */
function suffix(id: string): string {
  return id
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(-6)
    .padStart(6, '0');
}
