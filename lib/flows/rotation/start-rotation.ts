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
 * Has Secrets Manager start this rotation, or continue it at its current step. If another rotation's version is pending, it
 * stays untouched, and the log tells an operator what to do.
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
    todo: 'take AWSPENDING off that version (update-secret-version-stage): the rotation continues within ten minutes',
  });
}

/** Continues a rotation that has not moved for a while: a crash came before, during or right after Secrets Manager's part of it. */
export async function goOn(at: Rotating, deps: StartRotation): Promise<void> {
  const { client, rotation } = at;
  const secretId = keySecretOf(client.id);
  const token = rotationToken(client.id, rotation.number);
  // postponed first, so that a client whose secret cannot be read does not lead every sweep; if that fails, another run has moved the row
  if (!(await deps.commit(decideLook(at, rotationStamp(deps)))).ok) return;
  const versions = await deps.keys.describe(secretId);
  if (!versions) throw new Error(`there is no secret ${secretId}: restore it, or the client's keys are lost`);
  const stages = versions.stages.get(token);
  if (stages?.includes('AWSCURRENT')) return commitPromotion(at, deps);
  deps.log.warn('rotation has not moved: starting it again', {
    client: client.id,
    number: rotation.number,
    state: rotation.state,
  });
  await start(at, deps);
}

const pendingOf = (versions: KeyVersions | undefined, but: string): string | undefined =>
  [...(versions?.stages ?? [])].find(([id, stages]) => id !== but && stages.includes('AWSPENDING'))?.[0];
