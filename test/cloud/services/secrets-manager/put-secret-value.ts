import { AwsError } from '../../service.ts';
import type { Request } from './requests.ts';
import {
  holderOf,
  moveLabel,
  pruneVersions,
  type Secret,
  type SecretValue,
  type SecretVersion,
} from './secret.ts';
import type { SecretStore } from './secret-store.ts';
import type { SecretsWorld } from './world.ts';

/** Labels on all versions of a secret together (User Guide, "AWS Secrets Manager quotas"). */
const labelsMax = 20;

/**
 * Secrets Manager API Reference, "PutSecretValue". The token becomes the version's id: the same token with the same value
 * changes nothing, labels included, and with another value is refused.
 */
export function putSecretValue(
  store: SecretStore,
  world: SecretsWorld,
  request: Request<'PutSecretValue'>,
): object {
  const secret = store.findLive(request.SecretId);
  const value = valueOf(request);
  if (!value)
    throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
  const version = putVersion(secret, {
    id: request.ClientRequestToken ?? world.newId(),
    value,
    labels: request.VersionStages ?? ['AWSCURRENT'],
    now: world.clock.now(),
  });
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.labels] };
}

/** Adds a version with its labels, fills an empty one, or finds the one that the same call made before. */
export function putVersion(
  secret: Secret,
  put: {
    readonly id: string;
    readonly value: SecretValue;
    readonly labels: readonly string[];
    readonly now: number;
  },
): SecretVersion {
  const existing = secret.versions.get(put.id);
  if (existing?.value && sameValue(existing.value, put.value)) return existing;
  if (existing?.value)
    throw new AwsError(
      'ResourceExistsException',
      "You can't modify an existing version, you can only create a new version.",
    );
  // the first value is the current one, whatever labels it comes with
  const isFirst = [...secret.versions.values()].every(({ value }) => value === undefined);
  const labels = isFirst ? new Set([...put.labels, 'AWSCURRENT']) : new Set(put.labels);
  refuseTooManyLabels(secret, labels);
  const kept = existing?.labels ?? new Set<string>();
  const version = { id: put.id, value: put.value, createdAt: put.now, labels: kept };
  secret.versions.set(put.id, version);
  for (const label of labels) moveLabel(secret, label, version);
  secret.changedAt = put.now;
  pruneVersions(secret, put.now);
  return version;
}

/** Refuses before anything is written. */
export function refuseTooManyLabels(secret: Secret, added: Iterable<string>): void {
  const labels = new Set(added);
  if (labels.has('AWSCURRENT') && holderOf(secret, 'AWSCURRENT')) labels.add('AWSPREVIOUS');
  for (const version of secret.versions.values()) for (const label of version.labels) labels.add(label);
  if (labels.size > labelsMax)
    throw new AwsError(
      'LimitExceededException',
      `A secret can have at most ${labelsMax} staging labels on all of its versions.`,
    );
}

/** The one value of a request; undefined where it has none. */
export function valueOf(request: {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: string | undefined;
}): SecretValue | undefined {
  const { SecretString, SecretBinary } = request;
  if (SecretString !== undefined && SecretBinary !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary === undefined ? undefined : { SecretBinary };
}

export function sameValue(one: SecretValue, other: SecretValue): boolean {
  return 'SecretString' in one
    ? 'SecretString' in other && one.SecretString === other.SecretString
    : 'SecretBinary' in other && one.SecretBinary === other.SecretBinary;
}
