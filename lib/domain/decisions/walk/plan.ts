import type { Case, Cursor } from '../../case/case.ts';
import { changesOf } from '../../transaction/changes.ts';
import type { ConsentRef, Credential } from '../../inventory/credential.ts';
import { type GrantRef, grantOf } from '../../inventory/delegation.ts';
import { planGroup, walkBranches } from '../../limits.ts';
import type { Note } from '../../case/note.ts';
import { shardOf } from '../../case/obligation.ts';
import { credentialName, grantName } from '../../names.ts';
import type { Write } from '../../transaction/write.ts';
import { obligationFor, talliesOf } from '../case/owe.ts';
import { recorded, type Stamp } from '../../transaction/stamp.ts';

/** How a credential that the walk reached relates to the case. */
export type Standing =
  /** This walk has handled it already: there is nothing to do. */
  | { readonly kind: 'known' }
  | { readonly kind: 'owed'; readonly covered: boolean }
  /** It is already dead, but its descendants may be live. */
  | { readonly kind: 'passed' }
  | { readonly kind: 'shared'; readonly serves: ConsentRef };

/** One step of the walk: the nodes that were found from one cursor, with all that was read about them. */
export interface Step {
  /** Each credential once. */
  readonly credentials: readonly { readonly credential: Credential; readonly standing: Standing }[];
  /** Names of grants of these credentials: `listed` by this walk already, and `foreign`, condemned by another case. */
  readonly grants: { readonly listed: ReadonlySet<string>; readonly foreign: ReadonlySet<string> };
  /** Consents of the node that are still granted. @default none */
  readonly granted?: readonly ConsentRef[];
  /** Nodes that need a cursor of their own; at most `walkBranches`. @default none */
  readonly branches?: readonly Cursor[];
  /** The beginning of the next page of this node. Absent on the last page. */
  readonly next?: string | undefined;
}

/**
 * Returns the transactions, in order, that turn one step of the walk into obligations. Each transaction condemns a group and leaves a
 * cursor for its descendants, so that a node is always condemned before its edges are listed. The last transaction also moves the
 * step's own cursor, and moves the case to `working` when no cursor is left. After a crash in between, the step is repeated and finds
 * the finished groups as `known`.
 */
export function planStep(
  planned: Case,
  cursor: Cursor,
  step: Step,
  stamp: Stamp,
): readonly (readonly Write[])[] {
  const fresh = step.credentials.filter(({ standing }) => standing.kind !== 'known');
  const granted = chunks(step.granted ?? [], walkBranches);
  const lastGranted = granted.pop() ?? [];
  const groups = chunks(fresh, planGroup);
  const last = groups.pop() ?? [];
  const transactions: (readonly Write[])[] = granted.map((some) =>
    entered(planned, some.map(withdrawal), {}, stamp),
  );
  let walking = planned;
  const grants = { listed: new Set(step.grants.listed), foreign: step.grants.foreign };
  for (const group of groups) {
    const { writes, facts, cursors } = condemn(walking, group, grants, stamp);
    const moved = { ...walking, state: planningOf(walking), cursors: walking.cursors + cursors };
    transactions.push(entered(planned, [...writes, ...moveCase(walking, moved, stamp)], facts, stamp));
    walking = moved;
  }
  const { writes, facts, cursors } = condemn(walking, last, grants, stamp);
  const branches = (step.branches ?? []).map((branch): Write => ({
    kind: 'branch-cursor',
    case: planned.id,
    cursor: branch,
  }));
  const on = walkOn(walking, cursor, { next: step.next, more: cursors + branches.length }, stamp);
  transactions.push(
    entered(planned, [...lastGranted.map(withdrawal), ...writes, ...branches, ...on], facts, stamp),
  );
  return transactions;
}

type Group = Step['credentials'];

interface Grants {
  readonly listed: Set<string>;
  readonly foreign: ReadonlySet<string>;
}

/** The writes that condemn one group. Adds the group's grants to `grants.listed`. */
function condemn(planned: Case, group: Group, grants: Grants, stamp: Stamp) {
  const owed = group.flatMap(({ credential, standing }) =>
    standing.kind === 'owed' ? [obligationFor(planned, credential, standing.covered, stamp)] : [],
  );
  const shared = group.flatMap(({ credential, standing }) =>
    standing.kind === 'shared' ? [noteOf(planned, credential, 'shared', standing.serves)] : [],
  );
  const passed = group
    .filter(({ standing }) => standing.kind === 'passed')
    .map(({ credential }) => credential);
  const walked = group
    .filter(({ standing }) => standing.kind !== 'shared')
    .map(({ credential }) => credential);
  const reached = newGrants(walked, grants.listed);
  const branch: Cursor = {
    node: {
      kind: 'batch',
      id: stamp.newId(),
      // a walk lists each grant once
      walked: walked.map((one) => ({
        ...{ authority: one.authority, id: one.id, partner: one.partner },
        ...(reached.some((grant) => isOn(one, grant)) && { grant: one.grant }),
      })),
    },
  };
  const writes: Write[] = [
    ...walked.flatMap((credential) => condemnation(planned, credential)),
    ...reached.map((grant): Write =>
      grants.foreign.has(grantName(grant))
        ? { kind: 'note-grant', case: planned.id, grant }
        : { kind: 'condemn-grant', grant, by: planned.id },
    ),
    ...owed.map((obligation) => ({ kind: 'open-obligation', obligation }) as const),
    ...[...shared, ...passed.map((one) => noteOf(planned, one, 'passed'))].map(
      (note) => ({ kind: 'note-credential', note }) as const,
    ),
    ...talliesOf(planned, owed),
    ...(walked.length > 0 ? [{ kind: 'branch-cursor', case: planned.id, cursor: branch } as const] : []),
  ];
  const facts = {
    credentials: owed.map(credentialName),
    uncovered: owed.filter((o) => o.uncovered).map(credentialName),
    ...(shared.length > 0 && { shared: shared.map(credentialName) }),
  };
  return { writes, facts, cursors: walked.length > 0 ? 1 : 0 };
}

function condemnation(planned: Case, credential: Credential): Write[] {
  if (credential.state === 'live')
    return [
      {
        kind: 'move-credential',
        credential,
        round: credential.round,
        from: 'live',
        to: 'condemned',
        by: planned.id,
      },
    ];
  return credential.condemnedBy === undefined
    ? [{ kind: 'mark-credential', credential, by: planned.id }]
    : [];
}

function newGrants(walked: readonly Credential[], known: Set<string>): GrantRef[] {
  return walked.flatMap((credential) => {
    const grant = grantOf(credential);
    if (!grant || known.has(grantName(grant))) return [];
    known.add(grantName(grant));
    return [grant];
  });
}

const isOn = (one: Credential, { authority, grant, partner }: GrantRef): boolean =>
  one.authority === authority && one.grant === grant && one.partner === partner;

const withdrawal = (consent: ConsentRef): Write => ({ kind: 'withdraw-consent', consent });

const noteOf = (planned: Case, ref: Credential, as: Note['as'], serves?: ConsentRef): Note => ({
  case: planned.id,
  shard: shardOf(ref, planned.shards),
  authority: ref.authority,
  id: ref.id,
  as,
  serves,
});

const planningOf = ({ state }: Case): Case['state'] => (state === 'open' ? 'planning' : state);

function moveCase(from: Case, to: Pick<Case, 'state' | 'cursors'>, stamp: Stamp): Write[] {
  if (from.state === to.state && from.cursors === to.cursors) return [];
  return [
    {
      kind: 'move-case',
      case: from.id,
      from: { state: from.state, cursors: from.cursors },
      to: { state: to.state, cursors: to.cursors },
      dueAt: stamp.at,
    },
  ];
}

function walkOn(
  walking: Case,
  cursor: Cursor,
  { next, more }: { readonly next: string | undefined; readonly more: number },
  stamp: Stamp,
): Write[] {
  const { id } = walking;
  const cursors = walking.cursors + more - (next === undefined ? 1 : 0);
  const state = cursors === 0 ? 'working' : planningOf(walking);
  const moved: Write =
    next === undefined
      ? { kind: 'drop-cursor', case: id, cursor }
      : { kind: 'move-cursor', case: id, cursor, after: next };
  return [moved, ...moveCase(walking, { state, cursors }, stamp)];
}

/** Adds the entry. A transaction that changes no state is bookkeeping and needs none. */
function entered(planned: Case, writes: readonly Write[], facts: Facts, stamp: Stamp): readonly Write[] {
  if (changesOf(writes).length === 0 && Object.values(facts).every((names) => names.length === 0))
    return writes;
  const subject = `case/${planned.id}`;
  return recorded(writes, { kind: 'planned', subject, case: planned.id, facts }, stamp);
}

type Facts = Readonly<Record<string, readonly string[]>>;

const chunks = <One>(all: readonly One[], size: number): One[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
