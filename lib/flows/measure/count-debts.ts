import { decodeTime, isValid } from 'ulid';
import { addTallies, type Case, type Tally } from '../../domain/case/case.ts';
import type { AuthorityHealth } from '../../domain/case/authority-health.ts';
import type { AuthorityId, CaseId } from '../../domain/ids.ts';
import type { Head } from '../../domain/ledger/head.ts';
import type { Marker } from '../../domain/ledger/order.ts';
import { pendingShards } from '../../domain/limits.ts';
import type { Counted, CountedCase, OpenRows } from '../../domain/case/open-work.ts';
import { readCheckpoint } from '../../ledger/signed-checkpoint.ts';
import { rfc3339 } from '../flow.ts';

export interface CountDebts {
  readonly work: {
    /** Open rows, from an index that lags. */
    rows(overdueBy: string): Promise<OpenRows>;
    /** These cases with their tallies, by strongly consistent reads. */
    counted(ids: readonly CaseId[]): Promise<readonly CountedCase[]>;
    waitingEvents(): Promise<Counted>;
  };
  /** Reads the health of these authorities; those that answer are absent. */
  readonly healthOf: (
    authorities: readonly AuthorityId[],
  ) => Promise<ReadonlyMap<AuthorityId, AuthorityHealth>>;
  /** @default the ledger is not counted */
  readonly ledger?:
    | {
        head(): Promise<Pick<Head, 'size'> | undefined>;
        checkpoint(size: number): Promise<string | undefined>;
        /** The oldest markers of one shard. */
        pending(shard: number, limit: number): Promise<readonly Pick<Marker, 'sk'>[]>;
      }
    | undefined;
}

/** Counts of the work that is not done yet. */
export interface Debts {
  /** Cases that are not closed, oldest first. */
  readonly open: readonly Case[];
  /** The sum of the tallies of all open cases. */
  readonly tally: Tally;
  /** Cases whose walk is not finished: some of their credentials are not counted yet. */
  readonly listing: number;
  /** Open and draining obligations in the index. */
  readonly obligations: number;
  /** Those that are due for longer than `overdueMs`. */
  readonly overdue: number;
  readonly events: Counted;
  /** Undefined if the ledger was not counted. */
  readonly ledger: LedgerDebts | undefined;
  /** Authorities with obligations that do not answer: calls to them are paused. */
  readonly failing: ReadonlyMap<AuthorityId, AuthorityHealth>;
  /** True if the index was read to its end. */
  readonly whole: boolean;
}

export interface LedgerDebts {
  /** Entries without a seal. */
  readonly waiting: Counted;
  /** When the oldest of them was made, in milliseconds. */
  readonly waitingSince: number | undefined;
  readonly size: number;
  /** RFC 3339; undefined where there is none yet. */
  readonly checkpointAt: string | undefined;
}

/**
 * The chaser wakes obligations that are a minute overdue, every minute. If an obligation is overdue for longer than this, no worker
 * works on it.
 */
export const overdueMs = 300_000;

/** Markers of unsealed entries are counted up to this, in each shard. */
export const unsealedMax = 1_000;

/** Counts credentials that are alive and should be dead, events that wait for the bus, and entries that wait for a seal. Reads only. */
export async function countDebts(now: number, { work, ledger, healthOf }: CountDebts): Promise<Debts> {
  const [ofCases, events, ofLedger] = await Promise.all([
    countCases(now, work, healthOf),
    work.waitingEvents(),
    ledger && countLedger(ledger),
  ]);
  return { ...ofCases, events, ledger: ofLedger };
}

async function countCases(now: number, work: CountDebts['work'], healthOf: CountDebts['healthOf']) {
  const { cases, authorities, obligations, overdue, whole } = await work.rows(rfc3339(now - overdueMs));
  // a case may have closed since the index was read
  const counted = (await work.counted(cases)).filter(({ case: { state } }) => state !== 'closed');
  const open = counted.map((one) => one.case).toSorted((a, b) => (a.effectAt < b.effectAt ? -1 : 1));
  return {
    open,
    tally: addTallies(...counted.map(({ tally }) => tally)),
    listing: open.filter(({ state }) => state !== 'working').length,
    obligations,
    overdue,
    failing: await healthOf(authorities),
    whole,
  };
}

async function countLedger(ledger: NonNullable<CountDebts['ledger']>): Promise<LedgerDebts> {
  const shards = await Promise.all(
    Array.from({ length: pendingShards }, (_, shard) => ledger.pending(shard, unsealedMax)),
  );
  const { size = 0 } = (await ledger.head()) ?? {};
  const jws = size > 0 ? await ledger.checkpoint(size) : undefined;
  const said = jws === undefined ? undefined : readCheckpoint(jws);
  // the sealer reports a marker whose key is no ULID
  const times = shards.flat().flatMap(({ sk }) => (isValid(sk) ? [decodeTime(sk)] : []));
  return {
    waiting: {
      count: shards.reduce((sum, { length }) => sum + length, 0),
      whole: shards.every(({ length }) => length < unsealedMax),
    },
    waitingSince: times.length > 0 ? times.reduce((a, b) => Math.min(a, b)) : undefined,
    size,
    checkpointAt: said?.time,
  };
}
