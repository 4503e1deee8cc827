import type { Rotating } from '../../domain/decisions/rotation/rotate.ts';
import { findHold } from './find-hold.ts';
import type { RotationRequest } from '../../wire/rotation-request.ts';
import { abandon } from './steps/abandon.ts';
import { createKey } from './steps/create-key.ts';
import { isAt } from './steps/commit-step.ts';
import { lookForCutOff } from './cut-off.ts';
import { commitPromotion, promoteKey } from './steps/promote-key.ts';
import { publishKey } from './steps/publish-key.ts';
import { RotationRefused } from './rotation-refused.ts';
import { rotationToken } from './rotation-token.ts';
import type { RotateSecret, Step } from './steps/step.ts';
import { testKey } from './steps/test-key.ts';

/**
 * Runs one step of a rotation by Secrets Manager (User Guide, "Rotation by Lambda function"): create the new key, publish it
 * beside the old one, test it, promote it. Each step may run again at any time, also concurrently. No authority is called
 * unless `rotate-due` began this rotation. If the partner was cut off meanwhile, the keys are removed and the rotation ends.
 * Throws `RotationRefused`, or `RegistrationError` for answers of the authority.
 */
export async function rotateSecret(request: RotationRequest, deps: RotateSecret): Promise<void> {
  const { step: name, client: id } = request;
  try {
    await doStep(request, deps);
    deps.log.info('rotation step done', { client: id, step: name });
  } catch (error) {
    const { name: kind, message } = error instanceof Error ? error : new Error('unknown');
    deps.log.error('rotation step failed', { client: id, step: name, error: kind, reason: message });
    throw error;
  }
}

async function doStep(request: RotationRequest, deps: RotateSecret): Promise<void> {
  const { step: name, client: id, secretId, token } = request;
  const versions = await deps.keys.describe(secretId);
  if (!versions?.rotationEnabled)
    throw new RotationRefused('not-enabled', `${secretId} is not rotated: rotation is turned off`);
  const stages = versions.stages.get(token);
  if (!stages)
    throw new RotationRefused('not-a-version', `${secretId} has no version ${token}: nothing to rotate to`);
  const intent = await findIntent(request, deps);
  if (stages.includes('AWSCURRENT')) {
    if (name === 'finishSecret' && intent) await commitPromotion(intent, deps);
    return;
  }
  if (!stages.includes('AWSPENDING'))
    throw new RotationRefused(
      'not-pending',
      `version ${token} of ${secretId} is not AWSPENDING: rotate again`,
    );
  if (!intent) {
    // Secrets Manager tests a configuration that way (API Reference, "RotateSecret", RotateImmediately)
    if (name === 'testSecret') return;
    throw noIntent(request);
  }
  if (isAt(intent, 'overlap')) throw takenBack(request);
  const standing = await lookForCutOff(intent, deps);
  const step: Step = { ...intent, secretId, token, versions, standing };
  if (standing.cutOff) return abandon(step, deps);
  const hold = await findHold(intent, deps);
  if (hold)
    throw new RotationRefused(
      'held',
      `hold ${hold.id} stops rotations of ${id}: this one continues when the hold is lifted`,
    );
  switch (name) {
    case 'createSecret':
      return createKey(step, deps);
    case 'setSecret':
      return publishKey(step, deps);
    case 'testSecret':
      return testKey(step, deps);
    case 'finishSecret':
      return promoteKey(step, deps);
  }
}

/** Finds the rotation that `rotate-due` began for exactly this version. */
async function findIntent(
  { client: id, token }: RotationRequest,
  deps: RotateSecret,
): Promise<Rotating | undefined> {
  const [client, rotation] = await Promise.all([deps.clients.find(id), deps.rotations.find(id)]);
  if (!client || !rotation || rotation.state === 'resting') return undefined;
  return rotationToken(id, rotation.number) === token ? { client, rotation } : undefined;
}

const noIntent = ({ client, secretId, token }: RotationRequest): RotationRefused =>
  new RotationRefused(
    'no-intent',
    `Rescind did not begin this rotation of ${client}; nothing was changed. Take AWSPENDING off version ${token} of ` +
      `${secretId} (update-secret-version-stage), then run rescind rotate ${client}`,
  );

const takenBack = ({ client, secretId, token }: RotationRequest): RotationRefused =>
  new RotationRefused(
    'current-mismatch',
    `version ${token} of ${secretId} was promoted and is no longer AWSCURRENT: move AWSCURRENT of ${client} back to it`,
  );
