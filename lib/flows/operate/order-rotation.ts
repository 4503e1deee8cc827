import { recorded } from '../../domain/transaction/stamp.ts';
import type { ClientId } from '../../domain/ids.ts';
import { clientName } from '../../domain/names.ts';
import type { Hold } from '../../domain/emergency/hold.ts';
import type { Client } from '../../domain/rotation/client.ts';
import type { CaseSubject } from '../../domain/subject.ts';
import { type CutOffReads, lookForCutOff } from '../rotation/cut-off.ts';
import { findHold } from '../rotation/find-hold.ts';
import type { Rotation } from '../../domain/rotation/rotation.ts';
import type { AnswerOf, OperateRequest } from '../../wire/operate.ts';
import { Contended, type Recorder, stampOf } from '../flow.ts';
import { refusal } from './refusal.ts';

export interface OrderRotation extends Recorder, CutOffReads {
  readonly clients: { find(id: ClientId): Promise<Client | undefined> };
  readonly holds: { find(subject: CaseSubject): Promise<Hold | undefined> };
  readonly rotations: { find(client: ClientId): Promise<Rotation | undefined> };
}

/** Makes a client's rotation due now: `rotate-due` begins it within a minute. Refused while a rotation is in progress. */
export async function orderRotation(
  { client, reason }: Extract<OperateRequest, { command: 'rotate' }>,
  by: string,
  deps: OrderRotation,
): Promise<AnswerOf<'rotation-ordered' | 'refused'>> {
  const [known, rotation] = await Promise.all([deps.clients.find(client), deps.rotations.find(client)]);
  if (!rotation || !known)
    return refusal('client-unknown', `there is no client ${client}: register it with rescind register`);
  if (rotation.state !== 'resting')
    return refusal(
      'rotation-under-way',
      `rotation ${rotation.number} of ${client} is in progress (${rotation.state}): try again when its old key is dead`,
    );
  const at = { client: known, rotation };
  if ((await lookForCutOff(at, deps)).cutOff)
    return refusal(
      'cut-off-already',
      `${known.partner} was cut off, and the key of ${client} with it: register a new client for the partner`,
    );
  const hold = await findHold(at, deps);
  if (hold)
    return refusal(
      'held-already',
      `hold ${hold.id} stops rotations of ${client}: lift it with rescind reinstate`,
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
