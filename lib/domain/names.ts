import type { CaseId, CredentialRef } from './ids.ts';

/** What things are called in the ledger, in logs and in checks. */
// ids may hold slashes: encoded, no two things share a name
const part = encodeURIComponent;

export const consentName = (consent: { readonly id: string; readonly generation: number }): string =>
  `consent/${part(consent.id)}@${consent.generation}`;

/** A consent in whatever generation. */
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

/** A customer's pseudonym. */
export const customerName = (pseudonym: string): string => `customer/${part(pseudonym)}`;

/** A partner's grant at one authority: credentials hang on it. */
export const grantName = (of: {
  readonly authority: string;
  readonly partner: string;
  readonly grant: string;
}): string => `grant/${part(of.authority)}/${part(of.partner)}/${part(of.grant)}`;

export const obligationName = (ref: CredentialRef & { readonly case: CaseId }): string =>
  `obligation/${ref.case}/${part(ref.authority)}/${part(ref.id)}`;
