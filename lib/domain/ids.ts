/** The only file that casts a plain string to an id, so that a PartnerId cannot be passed where a ConsentId is expected. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type PartnerId = Branded<'PartnerId'>;
/** A random pseudonym; see `LinkedCustomer`. */
export type CustomerId = Branded<'CustomerId'>;
/** Keyed fingerprint of the id that a sender has for a customer. */
export type CustomerPrint = Branded<'CustomerPrint'>;
export type ConsentId = Branded<'ConsentId'>;
export type AuthorityId = Branded<'AuthorityId'>;
/** Unique only within its authority: see `CredentialRef`. */
export type CredentialId = Branded<'CredentialId'>;
export type GrantId = Branded<'GrantId'>;
export type CaseId = Branded<'CaseId'>;
/** The operator's name for a client whose secret is rotated. */
export type ClientId = Branded<'ClientId'>;
export type HoldId = Branded<'HoldId'>;
/** The id of a plan: the result of the command `plan` and the argument of `execute`. */
export type CutOffId = Branded<'CutOffId'>;
/** A ULID: sorts by the time at which it was made. */
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

/** The identity of a credential: (authority, id). */
export interface CredentialRef {
  readonly authority: AuthorityId;
  readonly id: CredentialId;
}
