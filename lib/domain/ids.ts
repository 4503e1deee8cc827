/** The one place where a plain string becomes an id, so that a PartnerId cannot slip in where a ConsentId is wanted. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type PartnerId = Branded<'PartnerId'>;
/** A random pseudonym; see `LinkedCustomer`. */
export type CustomerId = Branded<'CustomerId'>;
/** Keyed fingerprint of a sender's id of a customer. */
export type CustomerPrint = Branded<'CustomerPrint'>;
export type ConsentId = Branded<'ConsentId'>;
export type AuthorityId = Branded<'AuthorityId'>;
/** Unique inside its authority only: see `CredentialRef`. */
export type CredentialId = Branded<'CredentialId'>;
export type GrantId = Branded<'GrantId'>;
export type CaseId = Branded<'CaseId'>;
/** The operator's name of a client whose secret is rotated. */
export type ClientId = Branded<'ClientId'>;
export type HoldId = Branded<'HoldId'>;
/** What `plan` gives and `execute` takes. */
export type CutOffId = Branded<'CutOffId'>;
/** A ULID: sorts by time of making. */
export type EntryId = Branded<'EntryId'>;

export const partnerId = (value: string) => value as PartnerId;
export const customerId = (value: string) => value as CustomerId;
export const customerPrint = (value: string) => value as CustomerPrint;
export const consentId = (value: string) => value as ConsentId;
export const authorityId = (value: string) => value as AuthorityId;
export const credentialId = (value: string) => value as CredentialId;
export const grantId = (value: string) => value as GrantId;
export const caseId = (value: string) => value as CaseId;
export const clientId = (value: string) => value as ClientId;
export const holdId = (value: string) => value as HoldId;
export const cutOffId = (value: string) => value as CutOffId;
export const entryId = (value: string) => value as EntryId;

/** A credential is known as (authority, id). */
export interface CredentialRef {
  readonly authority: AuthorityId;
  readonly id: CredentialId;
}
