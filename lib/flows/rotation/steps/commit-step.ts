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

/** Returns true if a rotation is in this state or in a later one. */
export const isAt = ({ rotation }: Rotating, state: RotationState): boolean =>
  order.indexOf(rotation.state) >= order.indexOf(state);

/** Commits the move to a state. A failed commit is fine if another run moved the rotation to this state or to a later one. */
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
    `another run changed rotation ${rotation.number} of ${client.id} before it was ${to}: the next attempt reads it again`,
  );
}

/** Refuses a step that is called before the preceding step has committed. */
export function requireState({ client, rotation }: Rotating, state: RotationState, what: string): void {
  if (isAt({ client, rotation }, state)) return;
  throw new RotationRefused(
    'out-of-order',
    `rotation ${rotation.number} of ${client.id} is ${rotation.state}: it must be ${state} before ${what}`,
  );
}
