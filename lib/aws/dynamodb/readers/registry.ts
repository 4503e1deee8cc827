import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Authority } from '../../../domain/inventory/authority.ts';
import type { ListedNode } from '../../../domain/case/case.ts';
import type { LinkedCustomer } from '../../../domain/inventory/customer.ts';
import type { GrantRef } from '../../../domain/inventory/delegation.ts';
import type { ConsentRef } from '../../../domain/inventory/credential.ts';
import type { Consent } from '../../../domain/inventory/consent.ts';
import type { Credential } from '../../../domain/inventory/credential.ts';
import {
  type AuthorityId,
  type CaseId,
  type ClientId,
  type ConsentId,
  type CustomerId,
  type CustomerPrint,
  authorityId,
  type CredentialRef,
  credentialId,
  type PartnerId,
} from '../../../domain/ids.ts';
import { partnerShards } from '../../../domain/limits.ts';
import { grantName } from '../../../domain/names.ts';
import type { Partner } from '../../../domain/inventory/partner.ts';
import type { Client } from '../../../domain/rotation/client.ts';
import type { Rotation } from '../../../domain/rotation/rotation.ts';
import {
  type Item,
  toAuthority,
  toCondemnedGrant,
  toConsent,
  toCredential,
  toLinkedCustomer,
  toPartner,
} from '../items/items.ts';
import { toClient, toRotation } from '../items/rotation-items.ts';
import { generationKey, parseRegistryKey, parseRotationKey, registryKeys, rotationShard } from '../keys.ts';
import { Reader } from '../read.ts';

/** Generations of a consent in one page. */
const consentPage = 100;

type ExpiredRow = NonNullable<ReturnType<typeof parseRegistryKey>>;

/** Reads the table Registry. Only commits write it. */
export function registry(client: DynamoDBClient, table: string) {
  const read = new Reader(client, table);
  async function* expired(
    shard: number,
    dueBy: string,
    pageRows: number,
  ): AsyncGenerator<readonly ExpiredRow[]> {
    for await (const page of read.due(`due#${shard}`, dueBy, pageRows))
      yield page.flatMap((row) => parseRegistryKey(keyOf(row)) ?? []);
  }
  async function* dueClients(dueBy: string, pageRows: number): AsyncGenerator<readonly ClientId[]> {
    for await (const page of read.due(rotationShard, dueBy, pageRows))
      yield page.map((row) => parseRotationKey(keyOf(row)));
  }
  async function* consentsUpTo(id: ConsentId, generation: number): AsyncGenerator<Consent> {
    const between = ['generation#', registryKeys.consent(id, generation).sk] as const;
    let after: string | undefined;
    do {
      const page = await read.page(registryKeys.consent(id, 0).pk, { between, after, limit: consentPage });
      yield* page.items.flatMap((row) => toConsent(row) ?? []);
      after = page.next;
    } while (after !== undefined);
  }
  return {
    partners: {
      find: async (id: PartnerId): Promise<Partner | undefined> =>
        toPartner(await read.get(registryKeys.partner(id))),
      findAll: async (ids: readonly PartnerId[]): Promise<readonly Partner[]> => {
        const rows = await read.getAll(ids.map((id) => registryKeys.partner(id)));
        return rows.flatMap((row) => toPartner(row) ?? []);
      },
    },
    authorities: {
      find: async (id: AuthorityId): Promise<Authority | undefined> =>
        toAuthority(await read.get(registryKeys.authority(id))),
      findAll: async (ids: readonly AuthorityId[]): Promise<readonly Authority[]> => {
        const rows = await read.getAll(ids.map((id) => registryKeys.authority(id)));
        return rows.flatMap((row) => toAuthority(row) ?? []);
      },
    },
    customers: {
      find: async (print: CustomerPrint): Promise<LinkedCustomer | undefined> =>
        toLinkedCustomer(await read.get(registryKeys.customer(print))),
      named: async (pseudonym: CustomerId): Promise<LinkedCustomer | undefined> =>
        toLinkedCustomer(await read.get(registryKeys.pseudonym(pseudonym))),
    },
    consents: {
      find: async (id: string, generation: number): Promise<Consent | undefined> =>
        toConsent(await read.get(registryKeys.consent(id, generation))),
      findAll: async (refs: readonly ConsentRef[]): Promise<readonly Consent[]> => {
        const rows = await read.getAll(
          refs.map(({ id, generation }) => registryKeys.consent(id, generation)),
        );
        return rows.flatMap((row) => toConsent(row) ?? []);
      },
      /** Returns the granted generations of a consent up to this one. */
      granted: async (id: ConsentId, generation: number): Promise<readonly ConsentRef[]> => {
        const found: ConsentRef[] = [];
        for await (const consent of consentsUpTo(id, generation))
          if (consent.state === 'granted') found.push({ id: consent.id, generation: consent.generation });
        return found;
      },
      /** Returns the generations of a consent up to this one, in every state. */
      upTo: consentsUpTo,
      /** True where any generation of the consent was ever granted. */
      known: async (id: string): Promise<boolean> => {
        const { items } = await read.page(registryKeys.consent(id, 0).pk, {
          prefix: 'generation#',
          limit: 1,
        });
        return items.length > 0;
      },
    },
    credentials: {
      find: async (ref: CredentialRef): Promise<Credential | undefined> =>
        toCredential(await read.get(registryKeys.credential(ref))),
      findAll: async (refs: readonly CredentialRef[]): Promise<readonly Credential[]> => {
        const rows = await read.getAll(refs.map((ref) => registryKeys.credential(ref)));
        return rows.flatMap((row) => toCredential(row) ?? []);
      },
    },
    grants: {
      /** Returns the names of the condemned grants, each with the case that condemned it. */
      condemned: async (grants: readonly GrantRef[]): Promise<ReadonlyMap<string, CaseId>> => {
        const rows = await read.getAll(grants.map((grant) => registryKeys.grant(grant)));
        const found = rows.flatMap((row) => toCondemnedGrant(row) ?? []);
        return new Map(found.map(({ condemnedBy, ...grant }) => [grantName(grant), condemnedBy]));
      },
    },
    edges: {
      page: async (node: ListedNode, after: string | undefined, limit: number) => {
        // the node is a credential that was condemned on arrival: it is walked as its own only edge
        if (node.kind === 'credential') return { refs: [refOf(node)] };
        if (node.kind === 'partner') return partnerPage(read, node.id, after, limit);
        const { pk, ...range } = edgesOf(node);
        const { items, next } = await read.page(pk, { ...range, after, limit });
        return { refs: items.map(edgeTarget), next };
      },
    },
    /** Consents and credentials whose time is over, from the sparse index. */
    expired,
    clients: {
      find: async (id: ClientId): Promise<Client | undefined> =>
        toClient(await read.get(registryKeys.client(id))),
    },
    rotations: {
      find: async (client: ClientId): Promise<Rotation | undefined> =>
        toRotation(await read.get(registryKeys.rotation(client))),
      /** Clients whose rotation is due, from the sparse index. */
      due: dueClients,
    },
    published: {
      jwks: async (): Promise<string | undefined> => (await read.get(registryKeys.publicKeys()))?.['jwks']?.S,
    },
  };
}

const keyOf = (row: Item) => ({ pk: row['pk']?.S ?? '', sk: row['sk']?.S ?? '' });

function edgesOf(node: Exclude<ListedNode, { readonly kind: 'credential' | 'partner' }>) {
  switch (node.kind) {
    case 'consent': {
      const { pk } = registryKeys.consent(node.id, node.generation);
      return { pk, between: ['edge#', `edge#${generationKey(node.generation)}#\uffff`] as const };
    }
    case 'children':
      return { pk: registryKeys.credential(refOf(node)).pk, prefix: 'edge#' };
    case 'grant':
      return {
        pk: registryKeys.grantPartition(node.authority, node.id),
        prefix: node.partner === undefined ? 'edge#' : registryKeys.grantEdges(node.partner),
      };
  }
}

const refOf = ({ authority, id }: { readonly authority: string; readonly id: string }): CredentialRef => ({
  authority: authorityId(authority),
  id: credentialId(id),
});

/** Reads a partner's edges, shard by shard, until the page is full. `after` is `<shard>|<sort key>`. */
async function partnerPage(read: Reader, partner: string, after: string | undefined, limit: number) {
  const [, at = '0', key = ''] = /^(\d+)\|(.*)$/s.exec(after ?? '') ?? [];
  const refs: CredentialRef[] = [];
  let from = key === '' ? undefined : key;
  for (let shard = Number(at); shard < partnerShards; shard += 1) {
    if (refs.length === limit) return { refs, next: `${shard}|` };
    const { items, next } = await read.page(registryKeys.partnerEdges(partner, shard), {
      prefix: 'edge#',
      after: from,
      limit: limit - refs.length,
    });
    refs.push(...items.map(edgeTarget));
    if (next !== undefined) return { refs, next: `${shard}|${next}` };
    from = undefined;
  }
  return { refs };
}

function edgeTarget(item: Item): CredentialRef {
  const authority = item['authority']?.S;
  const id = item['id']?.S;
  if (!authority || !id)
    throw new Error(
      `edge ${item['pk']?.S} / ${item['sk']?.S} names no credential: authority or id is missing`,
    );
  return { authority: authorityId(authority), id: credentialId(id) };
}
