import type { CredentialId } from '../../ids.ts';
import { retireLookMs, rotationLookMs } from '../../limits.ts';
import { clientName, credentialName } from '../../names.ts';
import type { Credential } from '../../inventory/credential.ts';
import type { Client } from '../../rotation/client.ts';
import { type Rotation, rotationTransitions, type RotationState } from '../../rotation/rotation.ts';
import type { Facts } from '../../transaction/entry.ts';
import type { Write } from '../../transaction/write.ts';
import { type Above, conditionsOf } from '../above.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** A client and its rotation, as they were read. */
export interface Rotating {
  readonly client: Client;
  readonly rotation: Rotation;
}

/** A stamp that also computes later times. */
export interface RotationStamp extends Stamp {
  /** RFC 3339 of `now` and this many milliseconds. */
  readonly later: (ms: number) => string;
}

/** How long a rotation may stay in a state before `rotate-due` looks at it. */
export function waitMs({ overlapSeconds, everySeconds }: Client, state: RotationState): number {
  if (state === 'resting') return everySeconds * 1000;
  if (state === 'retiring') return retireLookMs;
  return state === 'overlap' ? overlapSeconds * 1000 : rotationLookMs;
}

/** Stores the intent before any call is made. Of a rotation and a cut-off of its partner that commit at the same time, one fails. */
export function decideBegin(at: Rotating, above: Above['partner'], stamp: RotationStamp): readonly Write[] {
  const { client, rotation } = at;
  const begun = { ...rotation, number: rotation.number + 1 };
  const writes = [moved(at, { ...begun, state: 'begun' }, stamp), ...notCutOff(client, above)];
  return recorded(writes, entryOf({ client, rotation: begun }, 'rotating', { step: 'begun' }), stamp);
}

/** Adds the new, stored key to the inventory. From now on a cut-off of the partner finds the key. */
export function decideCreated(
  at: Rotating,
  key: CredentialId,
  above: Above['partner'],
  stamp: RotationStamp,
): readonly Write[] {
  const { client, rotation } = at;
  const { authority, partner } = client;
  const credential: Credential = {
    authority,
    id: key,
    kind: 'signing_key',
    partner,
    client: client.id,
    replaces: { authority, id: rotation.current },
    state: 'live',
    round: 1,
  };
  const told = { authority, id: key, kind: credential.kind, partner, client: client.id };
  const writes: Write[] = [
    moved(at, { ...rotation, state: 'created', other: key }, stamp),
    ...notCutOff(client, above),
    { kind: 'add-credential', credential },
    {
      kind: 'queue-event',
      event: {
        id: stamp.newId(),
        type: 'Credential Issued',
        detail: { credential: told, at: stamp.at },
      },
    },
  ];
  const facts = { key, replaces: credentialName({ authority, id: rotation.current }) };
  return recorded(writes, entryOf(at, 'issued', facts), stamp);
}

/** Records a step: both keys are registered at the authority (`published`), or the authority accepted the new key (`tested`). */
export function decideStep(
  at: Rotating,
  step: 'published' | 'tested',
  stamp: RotationStamp,
): readonly Write[] {
  const writes = [moved(at, { ...at.rotation, state: step }, stamp)];
  return recorded(writes, entryOf(at, 'rotating', { step, key: at.rotation.other ?? null }), stamp);
}

/** Makes the new key the current one. The old key stays valid during the overlap. */
export function decidePromotion(at: Rotating, stamp: RotationStamp): readonly Write[] {
  const { client, rotation } = at;
  const key = otherOf(rotation);
  const previous = rotation.current;
  const { id, partner, authority } = client;
  const writes: Write[] = [
    moved(at, { ...rotation, state: 'overlap', current: key, other: previous }, stamp),
    {
      kind: 'queue-event',
      event: {
        id: stamp.newId(),
        type: 'Secret Rotated',
        detail: { client: id, partner, authority, key, previous, at: stamp.at },
      },
    },
  ];
  return recorded(writes, entryOf(at, 'rotated', { key, previous }), stamp);
}

/** Abandons a rotation because its partner was cut off. The case of the cut-off revokes the keys that the rotation made. */
export function decideAbandonment(at: Rotating, stamp: RotationStamp): readonly Write[] {
  const { other, ...rotation } = at.rotation;
  if (rotation.state === 'retiring') throw cannotBecome(at, 'abandoned');
  const writes = [moved(at, { ...rotation, state: 'resting' }, stamp)];
  const facts = { step: 'abandoned', was: rotation.state, key: other ?? null };
  return recorded(writes, entryOf(at, 'rotating', facts), stamp);
}

/** Ends a rotation whose old key is dead: one key is left, and the next rotation may begin. */
export function decideRest(at: Rotating, stamp: RotationStamp): readonly Write[] {
  const { other, ...rotation } = at.rotation;
  if (rotation.state !== 'retiring') throw cannotBecome(at, 'rested');
  const writes = [moved(at, { ...rotation, state: 'resting' }, stamp)];
  return recorded(writes, entryOf(at, 'rotating', { step: 'rested', dead: other ?? null }), stamp);
}

/** Postpones the next look at a rotation that has nothing to do yet, by `ms`. This is bookkeeping and needs no entry. */
export function decideLook(
  { client, rotation }: Rotating,
  stamp: RotationStamp,
  /** @default `waitMs` of the state in which the rotation stays */
  ms: number = waitMs(client, rotation.state),
): readonly Write[] {
  const { state, number } = rotation;
  return [{ kind: 'move-rotation', from: { state, number }, to: { ...rotation, dueAt: stamp.later(ms) } }];
}

/** Moves a rotation to a following state. Throws where `rotationTransitions` does not allow it. */
export function moved(at: Rotating, to: Rotation, stamp: RotationStamp): Write {
  const { state, number } = at.rotation;
  if (!(rotationTransitions[state] as readonly RotationState[]).includes(to.state))
    throw cannotBecome(at, to.state);
  const dueAt = stamp.later(waitMs(at.client, to.state));
  return { kind: 'move-rotation', from: { state, number }, to: { ...to, dueAt } };
}

const cannotBecome = ({ client, rotation: { number, state } }: Rotating, to: string): Error =>
  new Error(`rotation ${number} of client ${client.id} is ${state}: it cannot become ${to}`);

/** Returns the rotation's other key. Throws where the rotation has only its current key. */
export function otherOf({ client, number, state, other }: Rotation): CredentialId {
  if (other !== undefined) return other;
  throw new Error(`rotation ${number} of client ${client} is ${state}: its row names no second key`);
}

const notCutOff = ({ id, partner }: Client, above: Above['partner']): Write[] =>
  conditionsOf({ partner, consent: undefined, name: clientName(id) }, { partner: above });

function entryOf({ client, rotation }: Rotating, kind: 'rotating' | 'issued' | 'rotated', facts: Facts) {
  return {
    kind,
    subject: clientName(client.id),
    facts: { client: client.id, number: rotation.number, ...facts },
  };
}
