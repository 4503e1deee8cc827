import { recorded } from '../../domain/decisions/stamp.ts';
import type { ClientId } from '../../domain/ids.ts';
import { clientName } from '../../domain/names.ts';
import type { Rotation } from '../../domain/rotation/rotation.ts';
import type { AnswerOf, OperateRequest } from '../../wire/operate.ts';
import { Contended, type Recorder, stampOf } from '../flow.ts';
import { refusal } from './refusal.ts';

export interface OrderRotation extends Recorder {
  readonly rotations: { find(client: ClientId): Promise<Rotation | undefined> };
}

/** Makes a client's rotation due now: `rotate-due` begins it within a minute. One that is under way is left alone. */
export async function orderRotation(
  { client, reason }: Extract<OperateRequest, { command: 'rotate' }>,
  by: string,
  deps: OrderRotation,
): Promise<AnswerOf<'rotation-ordered' | 'refused'>> {
  const rotation = await deps.rotations.find(client);
  if (!rotation)
    return refusal('client-unknown', `there is no client ${client}: register it with rescind register`);
  if (rotation.state !== 'resting')
    return refusal(
      'rotation-under-way',
      `rotation ${rotation.number} of ${client} is under way (${rotation.state}): the old key dies before the next one is made`,
    );
  const stamp = stampOf(deps);
  const writes = recorded(
    [{ kind: 'move-rotation', from: rotation, to: { ...rotation, dueAt: stamp.at } }],
    { kind: 'ordered', subject: clientName(client), facts: { rotation: rotation.number + 1, reason, by } },
    stamp,
  );
  if (!(await deps.commit(writes)).ok) throw new Contended(`rotation of ${client}`);
  return { kind: 'rotation-ordered', client, dueAt: stamp.at };
}
