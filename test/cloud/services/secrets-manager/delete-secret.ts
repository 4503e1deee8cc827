import { AwsError } from '../../service.ts';
import type { Request } from './requests.ts';
import type { SecretStore } from './secret-store.ts';
import type { SecretsWorld } from './world.ts';

const recoveryDaysDefault = 30;
const dayMs = 86_400_000;

/** Secrets Manager API Reference, "DeleteSecret": at once where forced, else after the recovery window. */
export function deleteSecret(
  store: SecretStore,
  world: SecretsWorld,
  request: Request<'DeleteSecret'>,
): object {
  const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force = false } = request;
  if (force && days !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  const secret = force ? store.find(request.SecretId) : store.findLive(request.SecretId);
  const now = world.clock.now();
  const at = force ? now : now + (days ?? recoveryDaysDefault) * dayMs;
  if (force) store.remove(secret);
  else store.scheduleDeletion(secret, at);
  return { ARN: secret.arn, Name: secret.name, DeletionDate: at / 1000 };
}

/** Secrets Manager API Reference, "RestoreSecret". */
export function restoreSecret(store: SecretStore, request: Request<'RestoreSecret'>): object {
  const secret = store.find(request.SecretId);
  secret.deletedAt = undefined;
  return { ARN: secret.arn, Name: secret.name };
}
