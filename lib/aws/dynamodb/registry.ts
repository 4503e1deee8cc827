import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Authority } from '../../domain/authority.ts';
import type { PlanNode } from '../../domain/case.ts';
import type { Consent } from '../../domain/consent.ts';
import type { Credential } from '../../domain/credential.ts';
import {
  type AuthorityId,
  authorityId,
  type CredentialRef,
  credentialId,
  type PartnerId,
} from '../../domain/ids.ts';
import type { Partner } from '../../domain/partner.ts';
import { type Item, toAuthority, toConsent, toCredential, toPartner } from './items.ts';
import { generationKey, parseRegistryKey, registryKeys } from './keys.ts';
import { Reader } from './read.ts';

type ExpiredRow = NonNullable<ReturnType<typeof parseRegistryKey>>;

/** Reads the table Registry; every write goes through a commit. */
export function registry(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  return {
    partners: {
      find: async (id: PartnerId): Promise<Partner | undefined> =>
        toPartner(await read.get(registryKeys.partner(id))),
    },
    authorities: {
      find: async (id: AuthorityId): Promise<Authority | undefined> =>
        toAuthority(await read.get(registryKeys.authority(id))),
      findAll: async (ids: readonly AuthorityId[]): Promise<readonly Authority[]> => {
        const rows = await read.getAll(ids.map((id) => registryKeys.authority(id)));
        return rows.flatMap((row) => toAuthority(row) ?? []);
      },
    },
    consents: {
      find: async (id: string, generation: number): Promise<Consent | undefined> =>
        toConsent(await read.get(registryKeys.consent(id, generation))),
    },
    credentials: {
      find: async (ref: CredentialRef): Promise<Credential | undefined> =>
        toCredential(await read.get(registryKeys.credential(ref))),
      findAll: async (refs: readonly CredentialRef[]): Promise<readonly Credential[]> => {
        const rows = await read.getAll(refs.map((ref) => registryKeys.credential(ref)));
        return rows.flatMap((row) => toCredential(row) ?? []);
      },
    },
    edges: {
      page: async (node: PlanNode, after: string | undefined, limit: number) => {
        // a credential that was born condemned is walked to from itself
        if (node.kind === 'credential')
          return { refs: [{ authority: authorityId(node.authority), id: credentialId(node.id) }] };
        const { pk } = registryKeys.consent(node.id, node.generation);
        const between = ['edge#', `edge#${generationKey(node.generation)}#\uffff`] as const;
        const { items, next } = await read.page(pk, { between, after, limit });
        return { refs: items.map(edgeTarget), next };
      },
    },
    /** Consents and credentials whose time has come, from the sparse index. */
    expired: async (shard: number, dueBy: string, limit: number): Promise<ExpiredRow[]> => {
      const rows = await read.due(`due#${shard}`, dueBy, limit);
      return rows.flatMap(
        (row) => parseRegistryKey({ pk: row['pk']?.S ?? '', sk: row['sk']?.S ?? '' }) ?? [],
      );
    },
    published: {
      jwks: async (): Promise<string | undefined> => (await read.get(registryKeys.publicKeys()))?.['jwks']?.S,
    },
  };
}

function edgeTarget(item: Item): CredentialRef {
  const authority = item['authority']?.S;
  const id = item['id']?.S;
  if (!authority || !id) throw new Error(`edge ${item['pk']?.S} / ${item['sk']?.S} leads nowhere`);
  return { authority: authorityId(authority), id: credentialId(id) };
}
