import type { Case } from '../case.ts';
import type { Consent } from '../consent.ts';
import type { ConsentRef, Credential } from '../credential.ts';
import type { Fence } from '../fence.ts';

/** What is known of the consent that a credential names itself; a consent that never arrived has no row. */
export interface Serving {
  readonly fence: Fence | undefined;
  readonly consent: Consent | undefined;
}

/**
 * The consent that keeps a credential alive although what it grew out of dies in this case: one that the credential itself names, that
 * no fence stands over, and that is not of the partner who is cut off.
 */
export function shelterOf(
  { consent }: Pick<Credential, 'consent'>,
  { subject }: Pick<Case, 'subject'>,
  serving: Serving,
): ConsentRef | undefined {
  if (!consent) return undefined;
  if (serving.fence && serving.fence.generation >= consent.generation) return undefined;
  const cutOff = subject.type === 'partner' && serving.consent?.partner === subject.id;
  return cutOff ? undefined : consent;
}
