import { decideLook, type Rotating } from '../../domain/decisions/rotation/rotate.ts';
import { keySecretOf } from '../../domain/rotation/client.ts';
import { type CommitStep } from './steps/commit-step.ts';
import type { KeySecrets, KeyVersions, RotationStarter } from './client-secrets.ts';
import { commitPromotion } from './steps/promote-key.ts';
import { rotationToken } from './rotation-token.ts';
import { rotationStamp } from './stamp.ts';

interface StartRotation extends CommitStep {
  readonly keys: Pick<KeySecrets, 'describe'> & RotationStarter;
}

/**
 * Has Secrets Manager rotate to the version of this rotation, from wherever that is. A version of somebody else's that is
 * pending is in the way, and is left alone: an operator is told.
 */
export async function start({ client, rotation }: Rotating, deps: StartRotation): Promise<void> {
  const secretId = keySecretOf(client.id);
  const token = rotationToken(client.id, rotation.number);
  if ((await deps.keys.rotate(secretId, token)) === 'asked') return;
  const pending = pendingOf(await deps.keys.describe(secretId), token);
  deps.log.error('another rotation is in the way', {
    client: client.id,
    secret: secretId,
    version: pending ?? null,
    todo: 'take AWSPENDING off that version (update-secret-version-stage): the rotation goes on within ten minutes',
  });
}

/** A rotation that has not moved for a while: the crash was before, in, or right after Secrets Manager's part of it. */
export async function goOn(at: Rotating, deps: StartRotation): Promise<void> {
  const { client, rotation } = at;
  const secretId = keySecretOf(client.id);
  const token = rotationToken(client.id, rotation.number);
  // first, so that one whose secret cannot be read is not at the head of every sweep; who moved the row goes on with it
  if (!(await deps.commit(decideLook(at, rotationStamp(deps)))).ok) return;
  const versions = await deps.keys.describe(secretId);
  if (!versions) throw new Error(`there is no secret ${secretId}: the client's keys are lost, restore it`);
  const stages = versions.stages.get(token);
  if (stages?.includes('AWSCURRENT')) return commitPromotion(at, deps);
  deps.log.warn('rotation has not moved: it is started again', {
    client: client.id,
    number: rotation.number,
    state: rotation.state,
  });
  await start(at, deps);
}

const pendingOf = (versions: KeyVersions | undefined, but: string): string | undefined =>
  [...(versions?.stages ?? [])].find(([id, stages]) => id !== but && stages.includes('AWSPENDING'))?.[0];
