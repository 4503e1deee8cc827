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

/** A client with its rotation, as both were read. */
export interface Rotating {
  readonly client: Client;
  readonly rotation: Rotation;
}

/** A stamp that also tells later times. */
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

/** The intent, before anything is called. Where a cut-off of the partner commits at the same time, only one of both does. */
export function decideBegin(at: Rotating, above: Above['partner'], stamp: RotationStamp): readonly Write[] {
  const { client, rotation } = at;
  const begun = { ...rotation, number: rotation.number + 1 };
  const writes = [moved(at, { ...begun, state: 'begun' }, stamp), ...notCutOff(client, above)];
  return recorded(writes, entryOf({ client, rotation: begun }, 'rotating', { step: 'begun' }), stamp);
}

/** The new key is stored, and enters the inventory: from now on a cut-off of the partner finds it. */
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

/** The authority was told both keys, or it accepted the new one. */
export function decideStep(
  at: Rotating,
  step: 'published' | 'tested',
  stamp: RotationStamp,
): readonly Write[] {
  const writes = [moved(at, { ...at.rotation, state: step }, stamp)];
  return recorded(writes, entryOf(at, 'rotating', { step, key: at.rotation.other ?? null }), stamp);
}

/** The new key is the current one; the old one works on for the overlap. */
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

/** A cut-off overtook the rotation: it goes no further. What it made is the cut-off's to kill. */
export function decideAbandonment(at: Rotating, stamp: RotationStamp): readonly Write[] {
  const { other, ...rotation } = at.rotation;
  if (rotation.state === 'retiring') throw cannotBecome(at, 'abandoned');
  const writes = [moved(at, { ...rotation, state: 'resting' }, stamp)];
  const facts = { step: 'abandoned', was: rotation.state, key: other ?? null };
  return recorded(writes, entryOf(at, 'rotating', facts), stamp);
}

/** The old key is proven dead: one key is left, and the next rotation may come. */
export function decideRest(at: Rotating, stamp: RotationStamp): readonly Write[] {
  const { other, ...rotation } = at.rotation;
  if (rotation.state !== 'retiring') throw cannotBecome(at, 'rested');
  const writes = [moved(at, { ...rotation, state: 'resting' }, stamp)];
  return recorded(writes, entryOf(at, 'rotating', { step: 'rested', dead: other ?? null }), stamp);
}

/** Looked at, nothing to be done yet: bookkeeping, no entry. @default `waitMs` of the state that it stays in */
export function decideLook(
  { client, rotation }: Rotating,
  stamp: RotationStamp,
  ms: number = waitMs(client, rotation.state),
): readonly Write[] {
  const { state, number } = rotation;
  return [{ kind: 'move-rotation', from: { state, number }, to: { ...rotation, dueAt: stamp.later(ms) } }];
}

/** The move to a state that may follow; throws for any other. */
export function moved(at: Rotating, to: Rotation, stamp: RotationStamp): Write {
  const { state, number } = at.rotation;
  if (!(rotationTransitions[state] as readonly RotationState[]).includes(to.state))
    throw cannotBecome(at, to.state);
  const dueAt = stamp.later(waitMs(at.client, to.state));
  return { kind: 'move-rotation', from: { state, number }, to: { ...to, dueAt } };
}

const cannotBecome = ({ client, rotation: { number, state } }: Rotating, to: string): Error =>
  new Error(`rotation ${number} of ${client.id} is ${state}: it cannot become ${to}`);

/** The key beside the current one; throws where the rotation has none. */
export function otherOf({ client, number, state, other }: Rotation): CredentialId {
  if (other !== undefined) return other;
  throw new Error(`rotation ${number} of ${client} is ${state} and names no second key`);
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
