import { asTombstone, withoutKeys } from '../../../connectors/client-keys/key-set.ts';
import { decideAbandonment } from '../../../domain/decisions/rotation/rotate.ts';
import { abandonAfterMs } from '../../../domain/limits.ts';
import { makeClientKey, publicHalfOf } from '../../../keys/client-key.ts';
import { commitAndSend } from '../../flow.ts';
import { changeRegisteredKeys } from './registered-keys.ts';
import { RotationRefused } from '../rotation-refused.ts';
import type { RotateSecret, Step } from './step.ts';
import { rotationStamp } from '../stamp.ts';

/**
 * Ends a rotation whose partner was cut off meanwhile, and throws `RotationRefused`. The cut-off's case has an obligation for
 * each key and proves it dead. But a late update of ours may have put the keys back at the authority: updates by RFC 7592 have
 * no precondition. So each attempt removes the keys here too, and the rotation ends only when every step that started before
 * the cut-off must have ended. The pending version stays: the proof needs its private key.
 */
export async function abandon(step: Step, deps: RotateSecret): Promise<never> {
  const { client, rotation } = step;
  const kids = [rotation.current, ...(rotation.other === undefined ? [] : [rotation.other])];
  if (rotation.other !== undefined) {
    const tombstone = publicHalfOf(await makeClientKey());
    if (!tombstone) throw new Error('the key that was just made cannot be read');
    await changeRegisteredKeys(client, (known) => withoutKeys(known, kids, asTombstone(tombstone.jwk)), deps);
  }
  const since = step.standing.above?.fence?.at;
  const settled =
    rotation.other === undefined || since === undefined || deps.now() >= Date.parse(since) + abandonAfterMs;
  if (settled) await commitAndSend(decideAbandonment(step, rotationStamp(deps)), deps);
  throw new RotationRefused(
    'cut-off',
    `${client.partner} was cut off: rotation ${rotation.number} of ${client.id} is abandoned, its keys are removed${settled ? '' : '; it ends after one more check'}`,
  );
}
