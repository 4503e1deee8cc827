import { addTallies, type Case, type Tally } from '../../case/case.ts';
import type { Credential } from '../../inventory/credential.ts';
import { type Obligation, shardOf } from '../../case/obligation.ts';
import type { Write } from '../../transaction/write.ts';
import type { Stamp } from '../../transaction/stamp.ts';

/** Returns a new obligation for a credential in a case. It is due at once. */
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

/** The writes that add these obligations to the tallies of their shards. */
export function talliesOf(planned: Case, obligations: readonly Obligation[]): Write[] {
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
