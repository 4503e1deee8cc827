import { AwsError } from '../../service.ts';
import { refuseTooManyLabels } from './put-secret-value.ts';
import type { Request } from './requests.ts';
import { holderOf, moveLabel, pruneVersions, type Secret, type SecretVersion } from './secret.ts';
import type { SecretStore } from './secret-store.ts';
import type { SecretsWorld } from './world.ts';

/**
 * Secrets Manager API Reference, "UpdateSecretVersionStage": moves, adds or removes one label. A label that is on another
 * version moves only where the request names that version, so that of two movers the later one fails.
 */
export function updateSecretVersionStage(
  store: SecretStore,
  world: SecretsWorld,
  request: Request<'UpdateSecretVersionStage'>,
): object {
  const secret = store.findLive(request.SecretId);
  const label = request.VersionStage;
  const to = version(secret, request.MoveToVersionId);
  const from = version(secret, request.RemoveFromVersionId);
  const holder = holderOf(secret, label);
  if (!to && !from)
    throw new AwsError(
      'InvalidParameterException',
      'You must specify a version to move to or to remove from.',
    );
  if (from && from !== holder)
    throw new AwsError(
      'InvalidParameterException',
      `The staging label ${label} is not attached to the version in RemoveFromVersionId.`,
    );

  if (to) {
    if (holder && holder !== to && !from) throw mustName(label, holder);
    refuseTooManyLabels(secret, [label]);
    moveLabel(secret, label, to);
  } else {
    // every secret with a value has a current version
    if (label === 'AWSCURRENT')
      throw new AwsError('InvalidParameterException', 'The staging label AWSCURRENT can only be moved.');
    from?.labels.delete(label);
  }
  secret.changedAt = world.clock.now();
  pruneVersions(secret, secret.changedAt);
  return { ARN: secret.arn, Name: secret.name };
}

function version(secret: Secret, id: string | undefined): SecretVersion | undefined {
  if (id === undefined) return undefined;
  const found = secret.versions.get(id);
  if (found) return found;
  throw new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret version: ${id}`,
  );
}

function mustName(label: string, holder: SecretVersion): AwsError {
  return new AwsError(
    'InvalidParameterException',
    `The parameter RemoveFromVersionId can't be empty. Staging label ${label} is currently attached to version ` +
      `${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
  );
}
