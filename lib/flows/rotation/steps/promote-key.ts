import { decidePromotion, type Rotating } from '../../../domain/decisions/rotation/rotate.ts';
import { type CommitStep, commitStep, isAt, requireState } from './commit-step.ts';
import { checkCurrent } from './create-key.ts';
import { RotationRefused } from '../rotation-refused.ts';
import type { RotateSecret, Step } from './step.ts';
import { rotationStamp } from '../stamp.ts';

/** finishSecret: readers of the secret get the new key from now on. The old key keeps working during the overlap. */
export async function promoteKey(step: Step, deps: RotateSecret): Promise<void> {
  requireState(step, 'tested', 'finishSecret');
  await checkCurrent(step, deps);
  const { secretId, token, client, versions } = step;
  const [from] = [...versions.stages].find(([, stages]) => stages.includes('AWSCURRENT')) ?? [];
  const move = from !== undefined && (await deps.keys.promote(secretId, { from, to: token }));
  if (move !== 'promoted' && !(await isCurrent(step, deps)))
    throw new RotationRefused(
      'contended',
      `AWSCURRENT of ${secretId} moved during the promotion of ${client.id}: the next attempt reads it again`,
    );
  await commitPromotion(step, deps);
}

/** Records a promotion that the secret shows already. A key that was not tested was not promoted by Rescind, and is refused. */
export async function commitPromotion(at: Rotating, deps: CommitStep): Promise<void> {
  if (isAt(at, 'overlap')) return;
  requireState(at, 'tested', 'its promotion, which Rescind did not make');
  await commitStep(at, 'overlap', decidePromotion(at, rotationStamp(deps)), deps);
}

async function isCurrent({ secretId, token }: Step, deps: RotateSecret): Promise<boolean> {
  const now = await deps.keys.describe(secretId);
  return now?.stages.get(token)?.includes('AWSCURRENT') ?? false;
}
