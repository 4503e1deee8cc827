import type { Rotating } from '../../../domain/decisions/rotation/rotate.ts';
import type { ClientId } from '../../../domain/ids.ts';
import { type Rotation, rotationTransitions, type RotationState } from '../../../domain/rotation/rotation.ts';
import type { Write } from '../../../domain/transaction/write.ts';
import { commitAndSend, type Recorder } from '../../flow.ts';
import { RotationRefused } from '../rotation-refused.ts';

export interface CommitStep extends Recorder {
  readonly rotations: { find(client: ClientId): Promise<Rotation | undefined> };
}

const order = Object.keys(rotationTransitions) as readonly RotationState[];

/** Whether a rotation has come this far. */
export const isAt = ({ rotation }: Rotating, state: RotationState): boolean =>
  order.indexOf(rotation.state) >= order.indexOf(state);

/** Commits the move to a state; that another run made it, or a later one, is as good. */
export async function commitStep(
  at: Rotating,
  to: RotationState,
  writes: readonly Write[],
  deps: CommitStep,
): Promise<void> {
  const committed = await commitAndSend(writes, deps);
  if (committed.ok) return;
  const { client, rotation } = at;
  const now = await deps.rotations.find(client.id);
  if (now?.number === rotation.number && isAt({ client, rotation: now }, to)) return;
  throw new RotationRefused(
    'contended',
    `rotation ${rotation.number} of ${client.id} was overtaken before it was ${to}: the next attempt looks anew`,
  );
}

/** A step that was called before the one ahead of it had committed. */
export function requireState({ client, rotation }: Rotating, state: RotationState, what: string): void {
  if (isAt({ client, rotation }, state)) return;
  throw new RotationRefused(
    'out-of-order',
    `rotation ${rotation.number} of ${client.id} is ${rotation.state}, not ${state}: ${what} waits for that`,
  );
}
