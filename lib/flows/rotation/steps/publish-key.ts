import { withKey } from '../../../connectors/client-keys/key-set.ts';
import { decideStep } from '../../../domain/decisions/rotation/rotate.ts';
import { abandon } from './abandon.ts';
import { commitStep, requireState } from './commit-step.ts';
import { readCreated } from './create-key.ts';
import { lookForCutOff } from '../cut-off.ts';
import { changeRegisteredKeys } from './registered-keys.ts';
import { RotationRefused } from '../rotation-refused.ts';
import type { RotateSecret, Step } from './step.ts';
import { rotationStamp } from '../stamp.ts';

/**
 * setSecret: registers the new key at the authority beside the keys that it has; both work from then on. This update may
 * overwrite the removal of keys by a concurrent cut-off. So the cut-off is checked once more, and the keys are removed.
 */
export async function publishKey(step: Step, deps: RotateSecret): Promise<void> {
  requireState(step, 'created', 'setSecret');
  const key = await readCreated(step, deps);
  const keys = await changeRegisteredKeys(step.client, (known) => withKey(known, key.jwk), deps);
  if (!keys.some(({ kid }) => kid === key.kid))
    throw new RotationRefused(
      'left-out',
      `${step.client.authority} accepted the keys of ${step.client.id} without ${key.kid}: the next attempt sends it again`,
    );
  const standing = await lookForCutOff(step, deps);
  if (standing.cutOff) return abandon({ ...step, standing }, deps);
  if (step.rotation.state !== 'created') return;
  await commitStep(step, 'published', decideStep(step, 'published', rotationStamp(deps)), deps);
}
