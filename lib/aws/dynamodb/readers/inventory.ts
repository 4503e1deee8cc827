import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ConsentRef, Credential } from '../../../domain/inventory/credential.ts';
import { authorityId, credentialId, type CredentialRef, type PartnerId } from '../../../domain/ids.ts';
import { partnerShards } from '../../../domain/limits.ts';
import { credentialName } from '../../../domain/names.ts';
import type { CaseSubject } from '../../../domain/subject.ts';
import { type Item, toCredential } from '../items/items.ts';
import { generationKey, holdKey, registryKeys } from '../keys.ts';
import { toHold } from '../items/operator-items.ts';
import { Reader } from '../read.ts';

/** Edges in one read. Their credentials are read in one batch. */
const edgesAtOnce = 100;

/** The partner or consent whose credentials are listed. */
export type Holder =
  { readonly type: 'partner'; readonly id: PartnerId } | ({ readonly type: 'consent' } & ConsentRef);

/** A credential of the inventory, and the position after it, which is opaque to callers. */
export interface Listed {
  readonly credential: Credential;
  readonly after: string;
}

/** Reads the inventory for operators: strongly consistent, page by page. */
export function inventory(
  client: DynamoDBClient,
  tables: { readonly registry: string; readonly fences: string },
) {
  const registry = new Reader(client, tables.registry);
  const fences = new Reader(client, tables.fences);

  /** Pages of edges, partition by partition. A position is `<partition>|<sort key>`. */
  async function* edges(partitions: readonly string[], prefix: string, after: string | undefined) {
    const [, first = '0', from] = /^(\d+)\|(.*)$/s.exec(after ?? '') ?? [];
    for (let shard = Number(first), key = from; shard < partitions.length; shard += 1, key = undefined) {
      let next = key;
      do {
        const page = await registry.page(partitions[shard] ?? '', {
          prefix,
          after: next,
          limit: edgesAtOnce,
        });
        yield page.items.map((item) => ({ ref: targetOf(item), after: `${shard}|${item['sk']?.S ?? ''}` }));
        next = page.next;
      } while (next !== undefined);
    }
  }

  /** Lists the credentials of a partner or consent in pages, from the beginning or after a position. */
  async function* list(holder: Holder, after?: string): AsyncGenerator<readonly Listed[]> {
    const { partitions, prefix } = edgesOf(holder);
    for await (const page of edges(partitions, prefix, after)) {
      const rows = await registry.getAll(page.map(({ ref }) => registryKeys.credential(ref)));
      const found = new Map(
        rows.flatMap((row) => toCredential(row) ?? []).map((one) => [credentialName(one), one]),
      );
      yield page.flatMap((edge) => {
        const credential = found.get(credentialName(edge.ref));
        return credential ? [{ credential, after: edge.after }] : [];
      });
    }
  }

  return {
    list,
    /** Returns a predicate that is true for the subjects with an active hold. Reads all holds in one batch. */
    held: async (subjects: readonly CaseSubject[]): Promise<(subject: CaseSubject) => boolean> => {
      const keys = new Map(subjects.map((subject) => [holdKey(subject).pk, holdKey(subject)]));
      const rows = await fences.getAll([...keys.values()]);
      const holds = rows.flatMap((row) => toHold(row) ?? []).filter(({ state }) => state === 'held');
      const standing = new Set(holds.map(({ subject }) => holdKey(subject).pk));
      return (subject) => standing.has(holdKey(subject).pk);
    },
  };
}

function edgesOf(holder: Holder): { readonly partitions: readonly string[]; readonly prefix: string } {
  if (holder.type === 'partner')
    return {
      partitions: Array.from({ length: partnerShards }, (_, shard) =>
        registryKeys.partnerEdges(holder.id, shard),
      ),
      prefix: 'edge#',
    };
  return {
    partitions: [registryKeys.consent(holder.id, holder.generation).pk],
    prefix: `edge#${generationKey(holder.generation)}#`,
  };
}

const targetOf = (item: Item): CredentialRef => ({
  authority: authorityId(item['authority']?.S ?? ''),
  id: credentialId(item['id']?.S ?? ''),
});
