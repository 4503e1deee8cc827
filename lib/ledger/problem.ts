import type { EntryRef } from '../domain/ledger/order.ts';
import type { PublicKey } from './signed-checkpoint.ts';

/** What the verifier brings along; the export proves nothing about these. */
export interface Trust {
  readonly origin: string;
  readonly keys: readonly PublicKey[];
  /** What a checkpoint said that was kept elsewhere: the only thing that shows a ledger cut off or begun anew. */
  readonly known?: { readonly size: number; readonly root: string } | undefined;
}

export type ProblemKind =
  /** The body is not what was sealed, or what its marker says. */
  | 'edited'
  /** An order row or a marker names it, and it is not there. */
  | 'deleted'
  /** It is there, and no order row and no marker names it; or it came long after those around it were sealed. */
  | 'inserted'
  /** It is there or in the order more than once. */
  | 'duplicate'
  /** The body says that it belongs elsewhere, or is no entry. */
  | 'misfiled'
  /** Its place in a batch is not the one that its id gives. */
  | 'reordered'
  /** Indexes that no order row covers. */
  | 'missing-order'
  /** Indexes that two order rows cover. */
  | 'overlap'
  /** The leaves up to here do not give the root that was signed: changed, added, removed or reordered in this range. */
  | 'root'
  /** Fewer entries than the known checkpoint has. */
  | 'truncated'
  /** Two roots for one size. */
  | 'forked'
  | 'signature'
  | 'unknown-key'
  /** No checkpoint of this ledger. */
  | 'foreign'
  /** `previous` is not the checkpoint before it. */
  | 'chain';

export interface Problem {
  readonly kind: ProblemKind;
  readonly entry?: EntryRef;
  /** Indexes, or for a checkpoint the entries that it adds: `from` included, `to` not. */
  readonly range?: { readonly from: number; readonly to: number };
  readonly says: string;
}

/** Notes a problem. */
export type Find = (kind: ProblemKind, where: Pick<Problem, 'entry' | 'range'>, says: string) => void;
