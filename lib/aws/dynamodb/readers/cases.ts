import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Case, Cursor, Tally } from '../../../domain/case/case.ts';
import { authorityId, type CaseId, caseId, type CredentialRef } from '../../../domain/ids.ts';
import type { GrantRef } from '../../../domain/inventory/delegation.ts';
import type { Note } from '../../../domain/case/note.ts';
import { type Chunk, type Obligation, shardOf } from '../../../domain/case/obligation.ts';
import type { SignalKey } from '../../../domain/intake/signal.ts';
import { credentialName, grantName } from '../../../domain/names.ts';
import { type Item, toCase, toCursor, toGrantRef, toNote, toObligation, toTally } from '../items/items.ts';
import { caseKeys, casePartition, obligationPrefix, parseCaseKey } from '../keys.ts';
import { latestRound } from './latest-round.ts';
import { Reader } from '../read.ts';

type DueRow =
  { readonly kind: 'case'; readonly case: CaseId } | { readonly kind: 'obligation'; readonly chunk: Chunk };

/** Rows in one page of obligations or notes. */
const obligationPage = 200;

/** Reads the table Cases. */
export function cases(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  const find = async (id: CaseId): Promise<Case | undefined> => toCase(await read.get(caseKeys.case(id)));
  async function* pages(of: Case, prefix: string): AsyncGenerator<readonly Item[]> {
    for (let shard = 0; shard < of.shards; shard += 1) {
      let after: string | undefined;
      do {
        const page = await read.page(casePartition(of.id, shard), { prefix, after, limit: obligationPage });
        yield page.items;
        after = page.next;
      } while (after !== undefined);
    }
  }
  async function* obligationPages(of: Case): AsyncGenerator<readonly Obligation[]> {
    for await (const items of pages(of, 'obligation#')) yield items.flatMap((row) => toObligation(row) ?? []);
  }
  async function* due(shard: number, dueBy: string, pageRows: number): AsyncGenerator<readonly DueRow[]> {
    for await (const page of read.due(`due#${shard}`, dueBy, pageRows))
      yield page.flatMap((row) => toDueRow(row) ?? []);
  }
  const obligationsOf = async (of: Case): Promise<readonly Obligation[]> => {
    const found: Obligation[] = [];
    for await (const page of obligationPages(of)) found.push(...page);
    return found;
  };
  return {
    signals: {
      digestOf: async (key: SignalKey): Promise<string | undefined> =>
        (await read.get(caseKeys.signal(key)))?.['digest']?.S,
    },
    cases: {
      find,
      latest: async (id: CaseId): Promise<Case | undefined> => {
        const first = await find(id);
        return first && latestRound(first, find);
      },
      nextCursor: async (id: CaseId): Promise<Cursor | undefined> => {
        const { items } = await read.page(caseKeys.case(id).pk, { prefix: 'cursor#', limit: 1 });
        return toCursor(items[0]);
      },
      /** Returns the names of those of the credentials that have an obligation or a note in the case. */
      visited: async (of: Case, credentials: readonly CredentialRef[]): Promise<ReadonlySet<string>> => {
        const keys = credentials.flatMap((ref) => {
          const shard = shardOf(ref, of.shards);
          return [caseKeys.obligation(of.id, shard, ref), caseKeys.note(of.id, shard, ref)];
        });
        const rows = await read.getAll(keys);
        const refs = rows.flatMap((row) => (isNote(row) ? toNote(row) : toObligation(row)) ?? []);
        return new Set(refs.map(credentialName));
      },
      /** Returns the names of those of the grants that another case condemned and that this walk has also reached. */
      passedGrants: async (of: Case, grants: readonly GrantRef[]): Promise<ReadonlySet<string>> => {
        const rows = await read.getAll(grants.map((grant) => caseKeys.grantNote(of.id, grant)));
        return new Set(rows.flatMap((row) => toGrantRef(row) ?? []).map(grantName));
      },
      /** Returns the credentials that the walk listed without an obligation. */
      notes: async (of: Case): Promise<readonly Note[]> => {
        const found: Note[] = [];
        for await (const page of pages(of, 'note#')) found.push(...page.flatMap((row) => toNote(row) ?? []));
        return found;
      },
      /** Returns the names of the open credentials that no connector can revoke. */
      uncovered: async (of: Case): Promise<readonly string[]> => {
        const all = await obligationsOf(of);
        return all.filter(({ uncovered, state }) => uncovered && state === 'open').map(credentialName);
      },
      tallies: async (of: Case): Promise<readonly (Tally | undefined)[]> => {
        const keys = Array.from({ length: of.shards }, (_, shard) => caseKeys.tally(of.id, shard));
        const rows = await read.getAll(keys);
        return keys.map(({ pk }) => toTally(rows.find((row) => row['pk']?.S === pk)));
      },
    },
    obligations: {
      /** Returns every obligation of a case, in the order of its shards. */
      of: obligationsOf,
      /** The same, page by page. */
      pages: obligationPages,
      due: async (chunk: Chunk, now: number, limit: number): Promise<readonly Obligation[]> => {
        const found: Obligation[] = [];
        const prefix = obligationPrefix(chunk.authority);
        let after: string | undefined;
        do {
          const page = await read.page(casePartition(chunk.case, chunk.shard), {
            prefix,
            after,
            limit: obligationPage,
          });
          found.push(
            ...page.items.flatMap((row) => toObligation(row) ?? []).filter((row) => isDue(row, now)),
          );
          after = page.next;
        } while (after !== undefined && found.length < limit);
        return found.slice(0, limit);
      },
    },
    due,
  };
}

function toDueRow(row: Item): DueRow | undefined {
  const key = parseCaseKey({ pk: row['pk']?.S ?? '', sk: row['sk']?.S ?? '' });
  if (!key) return undefined;
  if (key.kind === 'case') return { kind: 'case', case: caseId(key.case) };
  const chunk = { case: caseId(key.case), shard: key.shard, authority: authorityId(key.authority) };
  return { kind: 'obligation', chunk };
}

const isNote = (row: Item): boolean => row['sk']?.S?.startsWith('note#') ?? false;

const isDue = ({ state, attempts, dueAt }: Obligation, now: number): boolean =>
  (state === 'open' || state === 'draining') && (attempts === 0 || Date.parse(dueAt) <= now);
