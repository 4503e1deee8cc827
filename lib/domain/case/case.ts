import { type CaseId, caseId, type CredentialRef, type GrantId, type PartnerId } from '../ids.ts';
import { type CaseSubject, subjectPart } from '../subject.ts';

export const caseKinds = [
  'consent-withdrawn',
  'consent-expired',
  'credential-expired',
  'emergency-ordered',
  'secret-retired',
] as const;

/** The event that opened a case, in the vocabulary of the ledger. */
export type CaseKind = (typeof caseKinds)[number];

export type CaseState = 'open' | 'planning' | 'working' | 'closed';

/** The states that may follow each state. A closed case stays closed: new work on its subject opens a follow-up case. */
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
  /** Number of partitions that hold its obligations. Fixed when the case opens. */
  readonly shards: number;
  /** Number of nodes of the delegation graph that the walk has still to list. */
  readonly cursors: number;
  /** RFC 3339. The time at which the fence was committed: from then on the subject is refused. */
  readonly effectAt: string;
  readonly completeAt?: string | undefined;
  readonly follows?: CaseId | undefined;
}

/** Returns the id of a case. It is made from the case's subject, so that two reports of one withdrawal make one case. */
export function caseIdOf(key: Pick<Case, 'kind' | 'subject' | 'generation' | 'round'>): CaseId {
  return caseId(`${key.kind}/${subjectPart(key.subject)}/${key.generation}/${key.round}`);
}

/**
 * Counts of obligations, of one shard of a case or of the whole case. `planned` counts all of them: planned = dead + draining +
 * waived + open. `uncovered` is a part of `open`.
 */
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

/** A node of the delegation graph whose edges the walk lists. */
export type ListedNode =
  | { readonly kind: 'consent'; readonly id: string; readonly generation: number }
  | { readonly kind: 'partner'; readonly id: string }
  /** A single credential that was condemned on arrival. */
  | { readonly kind: 'credential'; readonly authority: string; readonly id: string }
  /** The credentials that were exchanged for this one or replaced it. */
  | { readonly kind: 'children'; readonly authority: string; readonly id: string }
  /** The credentials of a grant; only those of `partner`, where it is present. */
  | {
      readonly kind: 'grant';
      readonly authority: string;
      readonly id: string;
      readonly partner?: string | undefined;
    };

/** Condemned credentials whose children and grants the walk has still to list. Each batch has a new id. */
export interface Batch {
  readonly kind: 'batch';
  readonly id: string;
  readonly walked: readonly Walked[];
}

/** A credential that the walk has reached, with the grant that it has to list for it. */
export interface Walked extends CredentialRef {
  readonly partner: PartnerId;
  readonly grant?: GrantId | undefined;
}

export type PlanNode = ListedNode | Batch;

/** The position of the walk at one node. `after` names the last edge that was listed; its content is opaque to the flows. */
export interface Cursor {
  readonly node: PlanNode;
  readonly after?: string | undefined;
}
