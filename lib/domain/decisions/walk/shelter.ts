import type { Case } from '../../case/case.ts';
import type { Consent } from '../../inventory/consent.ts';
import type { ConsentRef, Credential } from '../../inventory/credential.ts';
import type { Fence } from '../../case/fence.ts';

/** What is known of the consent that a credential names itself; a consent that never arrived has no row. */
export interface Serving {
  readonly fence: Fence | undefined;
  readonly consent: Consent | undefined;
  /** The partner that this case cut off was let in again since. @default false */
  readonly readmitted?: boolean;
}

/**
 * The consent that keeps a credential alive although what it grew out of dies in this case: one that the credential itself names and
 * that no fence stands over. While a partner is cut off, only what is known to be another partner's consent shelters from that.
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
