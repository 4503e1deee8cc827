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

/** Whether a cut-off has the client's keys, and what stands above them: the condition of what commits next. */
export interface Standing {
  readonly cutOff: boolean;
  readonly above: Above['partner'];
}

/**
 * Looks whether the partner was cut off: by its fence, or, where it was let in again since, by a key of this rotation that is
 * not live any more. A client in use before its rotation is over has live keys only.
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
