import { type DynamoDBClient, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { addTallies, type Case, emptyTally } from '../../../domain/case/case.ts';
import { authorityId, type CaseId, caseId } from '../../../domain/ids.ts';
import { dueShards, outboxShards } from '../../../domain/limits.ts';
import type { Counted, CountedCase, OpenRows } from '../../../domain/case/open-work.ts';
import { placeholders } from '../expressions.ts';
import { type Item, toCase, toTally } from '../items/items.ts';
import { caseKeys, casePartition, parseCaseKey } from '../keys.ts';
import { Reader } from '../read.ts';

/** Rows of one shard of the due index that are read, so that a count stays cheap at any load. */
export const indexRowsMax = 5_000;

/** Cases that one scan returns. For more cases, use an export of the ledger. */
export const scannedCasesMax = 50_000;

/** Waiting events are counted up to this number in each shard. */
export const waitingEventsMax = 1_000;

/** Sorts after every RFC 3339 time. */
const never = '9999';

/** Reads the open work of the table Cases, for operators and metrics. */
export function openWork(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  return {
    /** Counts rows of the index, which lags: very recent rows may be missing. Reads up to `indexRowsMax` rows in each shard. */
    rows: async (overdueBy: string): Promise<OpenRows> => {
      const shards = await Promise.all(
        Array.from({ length: dueShards }, (_, shard) => indexRows(client, table, `due#${shard}`)),
      );
      const rows = shards.flatMap(({ items }) => items).map(parsed);
      const obligations = rows.filter(({ key }) => key?.kind === 'obligation');
      return {
        cases: rows.flatMap(({ key }) => (key?.kind === 'case' ? [caseId(key.case)] : [])),
        authorities: [
          ...new Set(rows.flatMap(({ key }) => (key?.kind === 'obligation' ? [key.authority] : []))),
        ].map(authorityId),
        obligations: obligations.length,
        overdue: obligations.filter(({ dueAt }) => dueAt < overdueBy).length,
        whole: shards.every(({ whole }) => whole),
      };
    },
    /** Returns these cases with their counts, strongly consistent. */
    counted: async (ids: readonly CaseId[]): Promise<readonly CountedCase[]> => {
      const rows = await read.getAll([...new Set(ids)].map((id) => caseKeys.case(id)));
      return count(
        read,
        rows.flatMap((row) => toCase(row) ?? []),
      );
    },
    /** Returns every case, in no order. Reads the whole table, and stops at `scannedCasesMax` cases. */
    scan: async (): Promise<{ readonly cases: readonly CountedCase[]; readonly whole: boolean }> => {
      const found: Case[] = [];
      let from: Item | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new ScanCommand({
            TableName: table,
            FilterExpression: '#sk = :case',
            ...placeholders(['#sk'], { case: 'case' }),
            ...(from && { ExclusiveStartKey: from }),
          }),
        );
        found.push(...Items.flatMap((item) => toCase(item) ?? []));
        from = LastEvaluatedKey;
      } while (from && found.length < scannedCasesMax);
      return { cases: await count(read, found.slice(0, scannedCasesMax)), whole: from === undefined };
    },
    /** Counts the events that wait in the outbox, up to `waitingEventsMax` in each shard. */
    waitingEvents: async (): Promise<Counted> => {
      const pages = await Promise.all(
        Array.from({ length: outboxShards }, (_, shard) =>
          read.page(`outbox#${shard}`, { limit: waitingEventsMax }),
        ),
      );
      return {
        count: pages.reduce((sum, { items }) => sum + items.length, 0),
        whole: pages.every(({ next }) => next === undefined),
      };
    },
  };
}

async function indexRows(client: DynamoDBClient, table: string, shard: string) {
  const condition = '#dueShard = :shard AND #dueAt <= :never';
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'due',
        KeyConditionExpression: condition,
        ...placeholders([condition], { shard, never }),
        Limit: indexRowsMax - items.length,
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    items.push(...Items);
    from = LastEvaluatedKey;
  } while (from && items.length < indexRowsMax);
  return { items, whole: from === undefined };
}

const parsed = (item: Item) => ({
  key: parseCaseKey({ pk: item['pk']?.S ?? '', sk: item['sk']?.S ?? '' }),
  dueAt: item['dueAt']?.S ?? '',
});

async function count(read: Reader, cases: readonly Case[]): Promise<readonly CountedCase[]> {
  const keysOf = (of: Case) => Array.from({ length: of.shards }, (_, shard) => caseKeys.tally(of.id, shard));
  const rows = await read.getAll(cases.flatMap(keysOf));
  const tallies = new Map(rows.map((row) => [row['pk']?.S, toTally(row) ?? emptyTally]));
  return cases.map((of) => ({
    case: of,
    tally: addTallies(
      ...Array.from(
        { length: of.shards },
        (_, shard) => tallies.get(casePartition(of.id, shard)) ?? emptyTally,
      ),
    ),
  }));
}
