import type { Case } from '../../case/case.ts';
import type { Consent } from '../../inventory/consent.ts';
import type { ConsentRef, Credential } from '../../inventory/credential.ts';
import type { Fence } from '../../case/fence.ts';

/** The stored facts about the consent that a credential itself names. A consent that never arrived has no row. */
export interface Serving {
  readonly fence: Fence | undefined;
  readonly consent: Consent | undefined;
  /** The access of the partner that this case cut off was restored since. @default false */
  readonly readmitted?: boolean;
}

/**
 * Returns the consent that shelters a credential from this case although its ancestor dies: the consent that the credential itself names,
 * where no fence forbids it. While a partner is cut off, only a consent that is stored as another partner's shelters from that.
 */
export function shelterOf(
  { consent }: Pick<Credential, 'consent'>,
  { subject }: Pick<Case, 'subject'>,
  serving: Serving,
): ConsentRef | undefined {
  if (!consent) return undefined;
  if (serving.fence && serving.fence.generation >= consent.generation) return undefined;
  if (subject.type !== 'partner' || serving.readmitted) return consent;
  const isAnothers = serving.consent !== undefined && serving.consent.partner !== subject.id;
  return isAnothers ? consent : undefined;
}
