import type { CaseId, EntryId } from '../ids.ts';

/** Kinds are distinct facts; a reader can count each by itself. */
export type EntryKind =
  | 'registered'
  | 'keyed'
  | 'granted'
  | 'issued'
  | 'refreshed'
  | 'exchanged'
  | 'withdrawn'
  | 'expired'
  | 'rejected'
  /** An operator was shown what a cut-off would kill. */
  | 'previewed'
  /** An operator ordered it: a cut-off, a rotation. */
  | 'ordered'
  /** The link between a customer and a pseudonym was deleted. */
  | 'forgotten'
  | 'held'
  /** The first of two people asked to give access back. */
  | 'asked'
  | 'lifted'
  /** An operator accepted that what lives outside a case dies with a credential of it. */
  | 'approved'
  /** A step of a rotation that is under way. */
  | 'rotating'
  | 'rotated'
  | 'retired'
  | 'planned'
  | 'probed'
  | 'revoked'
  | 'closed';

/** One state change: `from` is null for what did not exist. */
export interface StateChange {
  /** For example `credential/bank/rt-1`, `case/consent-withdrawn/consent-1/1/1`, `fence/consent/consent-1`. */
  readonly item: string;
  readonly from: string | null;
  readonly to: string;
}

/** What an entry says beside its changes: ids, codes, counts, times; never a secret. */
export type Facts = { readonly [name: string]: FactValue };
export type FactValue = string | number | boolean | null | readonly FactValue[] | Facts;

/** One line of the ledger; never updated. */
export interface Entry {
  readonly version: 1;
  readonly id: EntryId;
  readonly kind: EntryKind;
  /** RFC 3339. */
  readonly at: string;
  /** What it is filed under: `case/…`, `consent/…`, `credential/…`, `partner/…`, `authority/…`, `customer/…`, `signal/…`, `keys`. */
  readonly subject: string;
  readonly case?: CaseId | undefined;
  readonly changes: readonly StateChange[];
  readonly facts: Facts;
}
