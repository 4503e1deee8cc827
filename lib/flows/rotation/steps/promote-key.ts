import { decidePromotion, type Rotating } from '../../../domain/decisions/rotation/rotate.ts';
import { type CommitStep, commitStep, isAt, requireState } from './commit-step.ts';
import { checkCurrent } from './create-key.ts';
import { RotationRefused } from '../rotation-refused.ts';
import type { RotateSecret, Step } from './step.ts';
import { rotationStamp } from '../stamp.ts';

/** finishSecret: whoever reads the secret from now on gets the new key; the old one works on for the overlap. */
export async function promoteKey(step: Step, deps: RotateSecret): Promise<void> {
  requireState(step, 'tested', 'finishSecret');
  await checkCurrent(step, deps);
  const { secretId, token, client, versions } = step;
  const [from] = [...versions.stages].find(([, stages]) => stages.includes('AWSCURRENT')) ?? [];
  const move = from !== undefined && (await deps.keys.promote(secretId, { from, to: token }));
  if (move !== 'promoted' && !(await isCurrent(step, deps)))
    throw new RotationRefused(
      'contended',
      `AWSCURRENT of ${secretId} moved while ${client.id} was promoted: the next attempt looks anew`,
    );
  await commitPromotion(step, deps);
}

/** The row follows the secret, which was promoted already. One that was never tested here was not promoted by us. */
export async function commitPromotion(at: Rotating, deps: CommitStep): Promise<void> {
  if (isAt(at, 'overlap')) return;
  requireState(at, 'tested', 'the promotion, which somebody else made,');
  await commitStep(at, 'overlap', decidePromotion(at, rotationStamp(deps)), deps);
}

async function isCurrent({ secretId, token }: Step, deps: RotateSecret): Promise<boolean> {
  const now = await deps.keys.describe(secretId);
  return now?.stages.get(token)?.includes('AWSCURRENT') ?? false;
}
