import type { Rotation } from './rotation.ts';

/** What a version holds: text or bytes (base64, as on the wire), never both. */
export type SecretValue = { readonly SecretString: string } | { readonly SecretBinary: string };

export interface SecretVersion {
  readonly id: string;
  /** Absent from the start of a rotation until its function puts one: an empty version that holds AWSPENDING. */
  readonly value: SecretValue | undefined;
  /** Milliseconds of the world's clock. */
  readonly createdAt: number;
  readonly labels: Set<string>;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  changedAt: number;
  /** Set while the secret is scheduled for deletion. */
  deletedAt: number | undefined;
  /** Absent where rotation was never turned on. */
  rotation?: Rotation;
  /** Oldest first. */
  readonly versions: Map<string, SecretVersion>;
}

/** Above this, versions without labels go, the oldest first. */
const versionsMax = 100;

/** But none that is younger: AWS keeps all of the last 24 hours. */
const keptMs = 86_400_000;

/** The version that carries a label; a label is on one version at most. */
export function holderOf(secret: Secret, label: string): SecretVersion | undefined {
  return [...secret.versions.values()].find((version) => version.labels.has(label));
}

/**
 * Moves a label to a version. Where AWSCURRENT leaves one, AWSPREVIOUS goes there
 * (Secrets Manager API Reference, "UpdateSecretVersionStage").
 */
export function moveLabel(secret: Secret, label: string, to: SecretVersion): void {
  const from = holderOf(secret, label);
  if (from === to) return;
  from?.labels.delete(label);
  to.labels.add(label);
  if (label === 'AWSCURRENT' && from) moveLabel(secret, 'AWSPREVIOUS', from);
}

/** The version of a rotation that was begun and is not finished. */
export function pendingOf(secret: Secret): SecretVersion | undefined {
  const pending = holderOf(secret, 'AWSPENDING');
  return pending?.labels.has('AWSCURRENT') ? undefined : pending;
}

/** Makes the version that a rotation is about: AWSPENDING is on it, and it has no value unless one is given. */
export function reserveVersion(
  secret: Secret,
  reserved: Pick<SecretVersion, 'id' | 'value' | 'createdAt'>,
): void {
  const version = { ...reserved, labels: new Set<string>() };
  secret.versions.set(version.id, version);
  moveLabel(secret, 'AWSPENDING', version);
  secret.changedAt = version.createdAt;
}

/**
 * Removes outdated versions: no label, older than 24 hours, and more than 100 in all
 * (Secrets Manager User Guide, "AWS Secrets Manager quotas"). AWS does it some time later, this one at once.
 */
export function pruneVersions(secret: Secret, now: number): void {
  for (const version of secret.versions.values()) {
    if (secret.versions.size <= versionsMax) return;
    if (version.labels.size === 0 && version.createdAt < now - keptMs) secret.versions.delete(version.id);
  }
}
