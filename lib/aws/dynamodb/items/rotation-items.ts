import * as z from 'zod';
import { authorityId, clientId, credentialId, partnerId } from '../../../domain/ids.ts';
import type { Client } from '../../../domain/rotation/client.ts';
import { type Rotation, rotationTransitions, type RotationState } from '../../../domain/rotation/rotation.ts';
import { reader } from './items.ts';

const text = z.string();
const count = z.int();

export const toClient = reader<Client>(
  z.object({
    id: text.transform(clientId),
    revision: count,
    partner: text.transform(partnerId),
    authority: text.transform(authorityId),
    strategy: z.literal('private-key-jwt'),
    clientId: text,
    registrationUri: text,
    keyId: text.transform(credentialId),
    overlapSeconds: count,
    everySeconds: count,
  }),
);

const states = Object.keys(rotationTransitions) as [RotationState, ...RotationState[]];

export const toRotation = reader<Rotation>(
  z.object({
    client: text.transform(clientId),
    number: count,
    state: z.enum(states),
    current: text.transform(credentialId),
    other: text.transform(credentialId).optional(),
    dueAt: text,
  }),
);
