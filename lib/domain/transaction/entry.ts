import type { CaseId, EntryId } from '../ids.ts';

/** The kinds of ledger entry. Each kind is one distinct fact, which a reader can count. */
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
  /** An operator was shown the plan of a cut-off. */
  | 'previewed'
  /** An operator ordered a cut-off or a rotation. */
  | 'ordered'
  /** The link between a customer and a pseudonym was deleted. */
  | 'forgotten'
  | 'held'
  /** The first of two people asked to restore access. */
  | 'asked'
  | 'lifted'
  /** An operator accepted that live credentials outside a case end with a credential of the case. */
  | 'approved'
  /** A rotation made a step. */
  | 'rotating'
  | 'rotated'
  | 'retired'
  | 'planned'
  | 'probed'
  | 'revoked'
  | 'closed';

/** One state change. `from` is null where the item did not exist before. */
export interface StateChange {
  /** For example `credential/bank/rt-1`, `case/consent-withdrawn/consent-1/1/1`, `fence/consent/consent-1`. */
  readonly item: string;
  readonly from: string | null;
  readonly to: string;
}

/** The facts of an entry, in addition to its changes: ids, codes, counts, times. Never a secret. */
export type Facts = { readonly [name: string]: FactValue };
export type FactValue = string | number | boolean | null | readonly FactValue[] | Facts;

/** One entry of the ledger. It is never updated. */
export interface Entry {
  readonly version: 1;
  readonly id: EntryId;
  readonly kind: EntryKind;
  /** RFC 3339. */
  readonly at: string;
  /**
   * The subject under which the entry is filed: `case/…`, `consent/…`, `credential/…`, `partner/…`, `authority/…`, `customer/…`,
   * `signal/…`, `keys`.
   */
  readonly subject: string;
  readonly case?: CaseId | undefined;
  readonly changes: readonly StateChange[];
  readonly facts: Facts;
}
