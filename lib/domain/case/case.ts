import { type CaseId, caseId, type CredentialRef, type GrantId, type PartnerId } from '../ids.ts';
import { type CaseSubject, subjectPart } from '../subject.ts';

export const caseKinds = [
  'consent-withdrawn',
  'consent-expired',
  'credential-expired',
  'emergency-ordered',
  'secret-retired',
] as const;

/** The signal that a case came from, in the ledger's dialect. */
export type CaseKind = (typeof caseKinds)[number];

export type CaseState = 'open' | 'planning' | 'working' | 'closed';

/** What may follow what. A closed case stays closed: new work on its subject is a follow-up case. */
export const caseTransitions = {
  open: ['planning', 'working'],
  planning: ['working'],
  working: ['closed'],
  closed: [],
} as const satisfies Record<CaseState, readonly CaseState[]>;

/** The work that one signal causes: its fence, its obligations, its proof. */
export interface Case {
  readonly id: CaseId;
  readonly kind: CaseKind;
  readonly subject: CaseSubject;
  readonly generation: number;
  readonly round: number;
  readonly state: CaseState;
  /** How many partitions hold its obligations; fixed when it opens. */
  readonly shards: number;
  /** Nodes of the delegation walk still to be listed. */
  readonly cursors: number;
  /** RFC 3339; the commit of the fence is the effect. */
  readonly effectAt: string;
  readonly completeAt?: string | undefined;
  readonly follows?: CaseId | undefined;
}

/** A case is keyed by what it is about, so that two reports of one withdrawal make one case. */
export function caseIdOf(key: Pick<Case, 'kind' | 'subject' | 'generation' | 'round'>): CaseId {
  return caseId(`${key.kind}/${subjectPart(key.subject)}/${key.generation}/${key.round}`);
}

/** Counts of one shard of a case, or of all together: planned = dead + draining + waived + open; uncovered is part of open. */
export interface Tally {
  readonly planned: number;
  readonly dead: number;
  readonly draining: number;
  readonly waived: number;
  readonly open: number;
  readonly uncovered: number;
}

export const emptyTally: Tally = { planned: 0, dead: 0, draining: 0, waived: 0, open: 0, uncovered: 0 };

export function addTallies(...tallies: readonly Partial<Tally>[]): Tally {
  const sum = (name: keyof Tally) => tallies.reduce((total, tally) => total + (tally[name] ?? 0), 0);
  return {
    planned: sum('planned'),
    dead: sum('dead'),
    draining: sum('draining'),
    waived: sum('waived'),
    open: sum('open'),
    uncovered: sum('uncovered'),
  };
}

/** A node of the delegation walk whose edges are listed. */
export type ListedNode =
  | { readonly kind: 'consent'; readonly id: string; readonly generation: number }
  | { readonly kind: 'partner'; readonly id: string }
  /** Itself: one that was born condemned. */
  | { readonly kind: 'credential'; readonly authority: string; readonly id: string }
  /** What was exchanged for it or took its place. */
  | { readonly kind: 'children'; readonly authority: string; readonly id: string }
  /** What hangs on a grant; of one partner, where it is named. */
  | {
      readonly kind: 'grant';
      readonly authority: string;
      readonly id: string;
      readonly partner?: string | undefined;
    };

/** Condemned credentials whose children and grants are still to be listed; its id is new each time. */
export interface Batch {
  readonly kind: 'batch';
  readonly id: string;
  readonly walked: readonly Walked[];
}

/** A credential that the walk has come to, with the grant that is to be listed for it. */
export interface Walked extends CredentialRef {
  readonly partner: PartnerId;
  readonly grant?: GrantId | undefined;
}

export type PlanNode = ListedNode | Batch;

/** Where the walk stands at one node: `after` is the last edge listed, opaque to the flows. */
export interface Cursor {
  readonly node: PlanNode;
  readonly after?: string | undefined;
}
