import type { Authority } from '../../inventory/authority.ts';
import type { Fence } from '../../case/fence.ts';
import type { CaseId } from '../../ids.ts';
import { authorityName, clientName, partnerName } from '../../names.ts';
import type { Partner } from '../../inventory/partner.ts';
import type { Client } from '../../rotation/client.ts';
import type { Rotation } from '../../rotation/rotation.ts';
import type { Write } from '../../transaction/write.ts';
import { type Above, conditionsOf } from '../above.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** Registers a partner. `second` is present where the partner was cut off and two people restore its access. */
export function decidePartner(
  partner: Partner,
  known: { readonly revision: number; readonly fence: Fence | undefined } | undefined,
  who: {
    readonly by: string;
    readonly second?: { readonly askedBy: string; readonly write: Write; readonly over: CaseId };
  },
  stamp: Stamp,
): readonly Write[] {
  const { id, name, revision, regime } = partner;
  const writes: Write[] = [
    { kind: 'register-partner', partner, from: known?.revision ?? null },
    ...(who.second ? [who.second.write, { kind: 'require-planned', case: who.second.over } as const] : []),
    // of a registration and a cut-off that commit at the same time, one fails
    ...(who.second
      ? []
      : [
          {
            kind: 'require-no-fence',
            subject: { type: 'partner', id },
            generation: known?.revision ?? 0,
          } as const,
        ]),
  ];
  const facts = {
    name,
    revision,
    ...(regime !== undefined && { regime }),
    by: who.by,
    ...(who.second && { askedBy: who.second.askedBy }),
  };
  return recorded(writes, { kind: 'registered', subject: partnerName(id), facts }, stamp);
}

/** Registers an authority. `second` is present where the change took two people. */
export function decideAuthority(
  authority: Authority,
  known: Authority | undefined,
  who: { readonly by: string; readonly second?: { readonly askedBy: string; readonly write: Write } },
  stamp: Stamp,
): readonly Write[] {
  const { role, issuer, tokenEndpoint, revocationEndpoint, introspectionEndpoint, auth, revision } =
    authority;
  const facts = {
    role,
    issuer,
    tokenEndpoint,
    revocationEndpoint,
    introspectionEndpoint,
    method: auth.method,
    ...(auth.method === 'private_key_jwt' && { audience: auth.audience ?? 'issuer' }),
    clientId: auth.clientId,
    secretName: auth.secretName,
    collateral: authority.collateral ?? 'grant',
    revision,
    by: who.by,
    ...(who.second && { askedBy: who.second.askedBy }),
  };
  const writes: Write[] = [
    { kind: 'register-authority', authority, from: known?.revision ?? null },
    ...(who.second ? [who.second.write] : []),
  ];
  return recorded(writes, { kind: 'registered', subject: authorityName(authority.id), facts }, stamp);
}

/** Registers a client. The first registration also adds its key to the inventory, and its rotation rests until `dueAt`. */
export function decideClient(
  client: Client,
  found: { readonly known: Client | undefined; readonly above: Above; readonly dueAt: string },
  by: string,
  stamp: Stamp,
): readonly Write[] {
  const { id, partner, authority, keyId, revision, strategy, clientId, registrationUri } = client;
  const { overlapSeconds, everySeconds } = client;
  const { known, above, dueAt } = found;
  const rotation: Rotation = { client: id, number: 0, state: 'resting', current: keyId, dueAt };
  const writes: Write[] = [
    { kind: 'register-client', client, from: known?.revision ?? null },
    ...conditionsOf({ partner, consent: undefined, name: clientName(id) }, above),
    ...(known
      ? []
      : [
          { kind: 'move-rotation', from: null, to: rotation } as const,
          {
            kind: 'add-credential',
            credential: {
              authority,
              id: keyId,
              kind: 'signing_key',
              partner,
              client: id,
              state: 'live',
              round: 1,
            },
          } as const,
        ]),
  ];
  const told = { partner, authority, strategy, clientId, registrationUri, keyId };
  const facts = { ...told, overlapSeconds, everySeconds, revision, by };
  return recorded(writes, { kind: 'registered', subject: clientName(id), facts }, stamp);
}
