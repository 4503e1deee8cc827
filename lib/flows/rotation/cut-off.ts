import { type Above, fenceOver } from '../../domain/decisions/above.ts';
import type { Rotating } from '../../domain/decisions/rotation/rotate.ts';
import type { Credential } from '../../domain/inventory/credential.ts';
import type { Fence } from '../../domain/case/fence.ts';
import type { CredentialRef, PartnerId } from '../../domain/ids.ts';
import type { Partner } from '../../domain/inventory/partner.ts';
import type { FenceSubject } from '../../domain/subject.ts';

export interface CutOffReads {
  readonly partners: { find(id: PartnerId): Promise<Partner | undefined> };
  readonly fences: { find(subject: FenceSubject): Promise<Fence | undefined> };
  readonly credentials: { find(ref: CredentialRef): Promise<Credential | undefined> };
}

/** The state of a client under a cut-off: `cutOff` is true if one condemned its keys; `above` is the condition of the next commit. */
export interface Standing {
  readonly cutOff: boolean;
  readonly above: Above['partner'];
}

/**
 * Checks whether the partner was cut off: by its fence, or, if it was readmitted since, by a key of this rotation that is no longer
 * live. Until a rotation retires the old key, only a cut-off ends the keys of a client.
 */
export async function lookForCutOff({ client, rotation }: Rotating, deps: CutOffReads): Promise<Standing> {
  const { authority } = client;
  const kids = [rotation.current, ...(rotation.other === undefined ? [] : [rotation.other])];
  const [partner, fence, ...keys] = await Promise.all([
    deps.partners.find(client.partner),
    deps.fences.find({ type: 'partner', id: client.partner }),
    ...kids.map((id) => deps.credentials.find({ authority, id })),
  ]);
  const above = partner && { revision: partner.revision, fence };
  const isFenced = fenceOver({ partner: above }, undefined) !== undefined;
  const areLive = keys.every((key) => key?.state === 'live');
  return { cutOff: isFenced || !areLive, above };
}
