import type { CaseId, CredentialRef } from './ids.ts';

/** The names of things in the ledger, in logs and in checks. */
// ids may contain slashes: encoding them keeps names unique
const part = encodeURIComponent;

export const consentName = (consent: { readonly id: string; readonly generation: number }): string =>
  `consent/${part(consent.id)}@${consent.generation}`;

/** Returns the name of a consent without its generation. */
export const consentPart = (id: string): string => `consent/${part(id)}`;

export const partnerName = (id: string): string => `partner/${part(id)}`;

export const clientName = (id: string): string => `client/${part(id)}`;

export const rotationName = (client: string): string => `rotation/${part(client)}`;

export const approvalName = (what: string): string => `approval/${what}`;

export const cutOffName = (id: string): string => `plan/${id}`;

export const holdName = (id: string): string => `hold/${id}`;

export const authorityName = (id: string): string => `authority/${part(id)}`;

export const credentialName = (ref: CredentialRef): string =>
  `credential/${part(ref.authority)}/${part(ref.id)}`;

/** Returns the name of a customer, from the pseudonym. */
export const customerName = (pseudonym: string): string => `customer/${part(pseudonym)}`;

/** Returns the name of a partner's grant at one authority. */
export const grantName = (of: {
  readonly authority: string;
  readonly partner: string;
  readonly grant: string;
}): string => `grant/${part(of.authority)}/${part(of.partner)}/${part(of.grant)}`;

export const obligationName = (ref: CredentialRef & { readonly case: CaseId }): string =>
  `obligation/${ref.case}/${part(ref.authority)}/${part(ref.id)}`;
