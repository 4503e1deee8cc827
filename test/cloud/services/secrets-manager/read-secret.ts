import { AwsError } from '../../service.ts';
import type { Request } from './requests.ts';
import type { Rotation } from './rotation.ts';
import { dueWindow, type RotationWindow } from './rotation-window.ts';
import { holderOf, type Secret, type SecretVersion } from './secret.ts';
import type { SecretStore } from './secret-store.ts';

/**
 * Secrets Manager API Reference, "GetSecretValue". With an id and a label, both must mean the same version; a version
 * without labels can still be read by its id, until it is pruned.
 */
export function getSecretValue(store: SecretStore, request: Request<'GetSecretValue'>): object {
  const secret = store.findLive(request.SecretId);
  const version = findVersion(secret, request);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: [...version.labels],
    CreatedDate: seconds(version.createdAt),
    ...version.value,
  };
}

/**
 * Secrets Manager API Reference, "DescribeSecret": also of a secret that is scheduled for deletion. Of rotation that was
 * turned off it tells function and rules, and no dates.
 */
export function describeSecret(store: SecretStore, request: Request<'DescribeSecret'>): object {
  const secret = store.find(request.SecretId);
  const labelled = [...secret.versions.values()].filter((version) => version.labels.size > 0);
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: seconds(secret.createdAt),
    LastChangedDate: seconds(secret.changedAt),
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    ...(secret.deletedAt === undefined ? {} : { DeletedDate: seconds(secret.deletedAt) }),
    ...(secret.rotation === undefined ? {} : describeRotation(secret.rotation, dueWindow(secret))),
    VersionIdsToStages: Object.fromEntries(labelled.map((version) => [version.id, [...version.labels]])),
  };
}

/** Secrets Manager API Reference, "ListSecretVersionIds"; all in one page. */
export function listSecretVersionIds(store: SecretStore, request: Request<'ListSecretVersionIds'>): object {
  const secret = store.find(request.SecretId);
  const versions = [...secret.versions.values()].filter(
    (version) => request.IncludeDeprecated === true || version.labels.size > 0,
  );
  return {
    ARN: secret.arn,
    Name: secret.name,
    Versions: versions.map((version) => ({
      VersionId: version.id,
      VersionStages: [...version.labels],
      CreatedDate: seconds(version.createdAt),
    })),
  };
}

function describeRotation(rotation: Rotation, due: RotationWindow | undefined): object {
  const { functionArn, rules, enabled, rotatedAt } = rotation;
  return {
    RotationEnabled: enabled,
    RotationLambdaARN: functionArn,
    ...(rules === undefined ? {} : { RotationRules: rules }),
    ...(enabled && rotatedAt !== undefined ? { LastRotatedDate: seconds(rotatedAt) } : {}),
    ...(enabled && due !== undefined ? { NextRotationDate: seconds(due.closesAt) } : {}),
  };
}

function findVersion(secret: Secret, request: Request<'GetSecretValue'>): SecretVersion {
  const { VersionId: id, VersionStage: label } = request;
  if (id === undefined) {
    const wanted = label ?? 'AWSCURRENT';
    const version = holderOf(secret, wanted);
    if (version?.value) return version;
    throw cannotFind(`staging label: ${wanted}`);
  }
  const version = secret.versions.get(id);
  if (!version?.value) throw cannotFind(`VersionId: ${id}`);
  if (label === undefined || version.labels.has(label)) return version;
  throw new AwsError(
    'InvalidRequestException',
    'You provided a VersionStage that is not associated to the provided VersionId.',
  );
}

function cannotFind(what: string): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${what}`,
  );
}

/** The wire's timestamps: seconds, with a fraction. */
function seconds(at: number): number {
  return at / 1000;
}
