import type { Case } from '../../domain/case/case.ts';
import type { Consent } from '../../domain/inventory/consent.ts';
import type { ConsentRef, Credential } from '../../domain/inventory/credential.ts';
import type { CredentialRef, PartnerId } from '../../domain/ids.ts';
import { consentName, credentialName } from '../../domain/names.ts';
import type { Partner } from '../../domain/inventory/partner.ts';

export interface FindRegimes {
  readonly partners: { findAll(ids: readonly PartnerId[]): Promise<readonly Partner[]> };
  readonly consents: { findAll(refs: readonly ConsentRef[]): Promise<readonly Consent[]> };
  readonly credentials: { findAll(refs: readonly CredentialRef[]): Promise<readonly Credential[]> };
}

/** More open cases than this are an incident: the oldest ones show it, and a run has half a minute. */
export const regimeCasesMax = 1_000;

/** The regime of partners that are registered without one. */
export const defaultRegime = 'default';

/**
 * Finds the regime of each case, which is that of its partner. Undefined if the partner is not known, and for cases beyond
 * `regimeCasesMax`. `open` is sorted, oldest first.
 */
export async function findRegimes(
  open: readonly Case[],
  deps: FindRegimes,
): Promise<readonly (string | undefined)[]> {
  const asked = open.slice(0, regimeCasesMax);
  const partnerOf = await findPartners(asked, deps);
  const ids = new Set(asked.flatMap((one) => partnerOf(one) ?? []));
  const partners = new Map((await deps.partners.findAll([...ids])).map((one) => [one.id, one]));
  return open.map((one, index) => {
    const id = index < regimeCasesMax ? partnerOf(one) : undefined;
    const partner = id === undefined ? undefined : partners.get(id);
    return partner && (partner.regime ?? defaultRegime);
  });
}

async function findPartners(
  asked: readonly Case[],
  { consents, credentials }: FindRegimes,
): Promise<(of: Case) => PartnerId | undefined> {
  // BatchGetItem refuses duplicate keys
  const consentRefs = new Map<string, ConsentRef>();
  const credentialRefs = new Map<string, CredentialRef>();
  for (const { subject, generation } of asked) {
    if (subject.type === 'consent')
      consentRefs.set(consentName({ id: subject.id, generation }), { id: subject.id, generation });
    if (subject.type === 'credential') credentialRefs.set(credentialName(subject), subject);
  }
  const [ofConsents, ofCredentials] = await Promise.all([
    consents.findAll([...consentRefs.values()]),
    credentials.findAll([...credentialRefs.values()]),
  ]);
  const owners = new Map([
    ...ofConsents.map((one) => [consentName(one), one.partner] as const),
    ...ofCredentials.map((one) => [credentialName(one), one.partner] as const),
  ]);
  return ({ subject, generation }) => {
    switch (subject.type) {
      case 'partner':
        return subject.id;
      case 'consent':
        return owners.get(consentName({ id: subject.id, generation }));
      case 'credential':
        return owners.get(credentialName(subject));
    }
  };
}
