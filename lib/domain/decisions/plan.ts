import { addTallies, type Case, type Cursor, type Tally } from '../case.ts';
import type { Credential } from '../credential.ts';
import { outcomeGroup } from '../limits.ts';
import { type Obligation, shardOf } from '../obligation.ts';
import { credentialName } from '../names.ts';
import type { Write } from '../write.ts';
import { recorded, type Stamp } from './stamp.ts';

/** One page of edges, resolved. */
export interface Page {
  readonly credentials: readonly Credential[];
  /** The ones that already have an obligation in this case: an earlier run of this page got that far. */
  readonly planned: (credential: Credential) => boolean;
  /** Whether a connector speaks to this credential's authority. */
  readonly covered: (credential: Credential) => boolean;
  /** Where the next page begins; absent at the end. */
  readonly next?: string | undefined;
}

/**
 * The transactions, in order, that turn one page of the delegation walk into obligations; the last one also
 * moves the cursor, and the case once nothing is left to walk. A crash in between repeats the page.
 */
export function planPage(
  planned: Case,
  cursor: Cursor,
  page: Page,
  stamp: Stamp,
): readonly (readonly Write[])[] {
  const fresh = page.credentials.filter(
    (credential) => credential.state !== 'dead' && !page.planned(credential),
  );
  const groups: Credential[][] = [];
  for (let start = 0; start < fresh.length; start += outcomeGroup) {
    groups.push(fresh.slice(start, start + outcomeGroup));
  }
  const last = groups.pop() ?? [];
  return [
    ...groups.map((group) => condemn(planned, group, page, [], stamp)),
    condemn(planned, last, page, walkOn(planned, cursor, page, stamp), stamp),
  ];
}

function condemn(
  planned: Case,
  group: readonly Credential[],
  page: Page,
  further: readonly Write[],
  stamp: Stamp,
): readonly Write[] {
  const obligations = group.map((credential) =>
    obligationFor(planned, credential, page.covered(credential), stamp),
  );
  const writes: Write[] = [
    ...group.filter(({ state }) => state === 'live').map(condemnation),
    ...obligations.map((obligation) => ({ kind: 'open-obligation', obligation }) as const),
    ...tallies(planned, obligations),
    ...further,
  ];
  const facts = {
    credentials: group.map(credentialName),
    uncovered: obligations.filter((o) => o.uncovered).map(credentialName),
  };
  return recorded(writes, { kind: 'planned', subject: `case/${planned.id}`, case: planned.id, facts }, stamp);
}

const condemnation = (credential: Credential): Write => ({
  kind: 'move-credential',
  credential,
  round: credential.round,
  from: 'live',
  to: 'condemned',
});

/** A credential's obligation in a case, as it is born: due at once. */
export function obligationFor(
  planned: Case,
  credential: Credential,
  covered: boolean,
  stamp: Stamp,
): Obligation {
  const { authority, id, kind, partner, client } = credential;
  const shard = shardOf(credential, planned.shards);
  return {
    case: planned.id,
    shard,
    authority,
    id,
    kind,
    partner,
    ...(client !== undefined && { client }),
    state: 'open',
    round: 1,
    attempts: 0,
    dueAt: stamp.at,
    uncovered: !covered,
  };
}

function tallies(planned: Case, obligations: readonly Obligation[]): Write[] {
  const shards = new Map<number, Partial<Tally>[]>();
  for (const { shard, uncovered } of obligations) {
    const counts = shards.get(shard) ?? [];
    counts.push({ planned: 1, open: 1, uncovered: uncovered ? 1 : 0 });
    shards.set(shard, counts);
  }
  return [...shards].map(([shard, counts]) => ({
    kind: 'add-tally',
    case: planned.id,
    shard,
    tally: addTallies(...counts),
  }));
}

function walkOn(planned: Case, cursor: Cursor, page: Page, stamp: Stamp): Write[] {
  const { id, state, cursors } = planned;
  const move = (to: Pick<Case, 'state' | 'cursors'>): Write => ({
    kind: 'move-case',
    case: id,
    from: { state, cursors },
    to,
    dueAt: stamp.at,
  });
  if (page.next !== undefined) {
    const on: Write = { kind: 'move-cursor', case: id, cursor, after: page.next };
    return state === 'open' ? [on, move({ state: 'planning', cursors })] : [on];
  }
  const left = cursors - 1;
  const done = left === 0;
  return [
    { kind: 'drop-cursor', case: id, cursor },
    move({ state: done ? 'working' : state === 'open' ? 'planning' : state, cursors: left }),
  ];
}
