import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { AuthorityHealth } from '../../../domain/case/authority-health.ts';
import type { Chunk } from '../../../domain/case/obligation.ts';
import { authorityId, type AuthorityId, caseId } from '../../../domain/ids.ts';
import { placeholders } from '../expressions.ts';
import { toItem } from '../items/items.ts';
import { turnKeys } from '../keys.ts';
import { Reader } from '../read.ts';

const healthRow = z.object({
  failingSince: z.string(),
  pausedUntil: z.string(),
  pauses: z.number(),
  because: z.string(),
});

const waitingRow = z.object({
  pk: z.string(),
  sk: z.string(),
  case: z.string().transform(caseId),
  shard: z.number(),
  authority: z.string().transform(authorityId),
});

/**
 * Turns at authorities in the table Cases: one worker at a time speaks to an authority. Chunks that found it busy wait as rows.
 * The row of the turn also holds how the authority has been answering.
 */
export function turns(
  client: DynamoDBClient,
  table: string,
  clock: { now(): number; newId(): string; rfc3339(ms: number): string },
) {
  const read = new Reader(client, table);

  /** Takes the turn where it is free and the authority is not paused. */
  async function take(authority: AuthorityId, until: number) {
    const owner = clock.newId();
    const change = 'SET #owner = :owner, #until = :until';
    const condition =
      '(attribute_not_exists(#until) OR #until < :now) AND (attribute_not_exists(#pausedUntil) OR #pausedUntil <= :at)';
    const now = clock.now();
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: toItem(turnKeys.turn(authority)),
          UpdateExpression: change,
          ConditionExpression: condition,
          ...placeholders([change, condition], { owner, until, now, at: clock.rfc3339(now) }),
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { kind: 'taken', owner, health: toHealth(Attributes) } as const;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const health = toHealth(error.Item);
      const paused = health !== undefined && health.pausedUntil > clock.rfc3339(now);
      return paused ? ({ kind: 'paused', health } as const) : ({ kind: 'busy' } as const);
    }
  }

  async function wait(chunk: Chunk): Promise<void> {
    const row = { ...turnKeys.waiting(chunk), ...chunk };
    await client.send(new PutItemCommand({ TableName: table, Item: toItem(row) }));
  }

  /** Takes the chunk after this one out of the line, round and round: a chunk with endless work keeps no other waiting. */
  async function nextWaiting(authority: AuthorityId, after: Chunk | undefined): Promise<Chunk | undefined> {
    const { pk } = turnKeys.turn(authority);
    const page = async (from: string | undefined) =>
      (await read.page(pk, { prefix: 'waits#', after: from, limit: 1 })).items;
    const [row] = after ? await page(turnKeys.waiting(after).sk) : [];
    const [found] = row ? [row] : await page(undefined);
    if (!found) return undefined;
    const { pk: _, sk, ...chunk } = waitingRow.parse(unmarshall(found));
    await client.send(new DeleteItemCommand({ TableName: table, Key: toItem({ pk, sk }) }));
    return chunk;
  }

  return {
    turns: {
      take: async (chunk: Chunk, until: number) => {
        const first = await take(chunk.authority, until);
        if (first.kind === 'paused') return first;
        if (first.kind === 'busy') {
          await wait(chunk);
          // the holder may have looked for waiting chunks just before: then the turn is free now
          const second = await take(chunk.authority, until);
          if (second.kind !== 'taken') return second;
          return { ...second, ...heldBy(chunk, second.owner) };
        }
        return { ...first, ...heldBy(chunk, first.owner) };
      },
    },
    /** How these authorities have been answering; those that answer are absent. */
    healthOf: async (
      authorities: readonly AuthorityId[],
    ): Promise<ReadonlyMap<AuthorityId, AuthorityHealth>> => {
      const keys = new Map(authorities.map((id) => [turnKeys.turn(id).pk, id]));
      const rows = await read.getAll([...keys.values()].map((id) => turnKeys.turn(id)));
      return new Map(
        rows.flatMap((row) => {
          const id = keys.get(row['pk']?.S ?? '');
          const health = toHealth(row);
          return id && health ? [[id, health] as const] : [];
        }),
      );
    },
  };

  function heldBy({ authority, ...rest }: Chunk, owner: string) {
    let last: Chunk = { authority, ...rest };
    const next = async (): Promise<Chunk | undefined> => {
      const found = await nextWaiting(authority, last);
      last = found ?? last;
      return found;
    };
    return {
      next,
      /** Frees the turn, and only then takes the next chunk out of the line: whoever came before that is not forgotten. */
      release: async (health: AuthorityHealth | undefined): Promise<Chunk | undefined> => {
        const names = ['failingSince', 'pausedUntil', 'pauses', 'because'] as const;
        const change = health
          ? `SET #until = :none, ${names.map((name) => `#${name} = :${name}`).join(', ')}`
          : `SET #until = :none REMOVE ${names.map((name) => `#${name}`).join(', ')}`;
        const condition = '#owner = :owner';
        try {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: toItem(turnKeys.turn(authority)),
              UpdateExpression: change,
              ConditionExpression: condition,
              ...placeholders([change, condition], { owner, none: 0, ...health }),
            }),
          );
        } catch (error) {
          // this worker ran longer than its turn: the next one holds it, and wakes whoever waits
          if (error instanceof ConditionalCheckFailedException) return undefined;
          throw error;
        }
        const paused = health !== undefined && health.pausedUntil > clock.rfc3339(clock.now());
        return paused ? undefined : next();
      },
    };
  }
}

function toHealth(row: Record<string, unknown> | undefined): AuthorityHealth | undefined {
  return row && healthRow.safeParse(unmarshall(row as Parameters<typeof unmarshall>[0])).data;
}
