import type { PlanNode } from '../../domain/case/case.ts';
import type { Chunk } from '../../domain/case/obligation.ts';
import { type CaseSubject, type FenceSubject, subjectPart } from '../../domain/subject.ts';
import type { GrantRef } from '../../domain/inventory/delegation.ts';
import { spread } from '../../domain/spread.ts';
import type { ConsentRef } from '../../domain/inventory/credential.ts';
import {
  authorityId,
  type CaseId,
  type ClientId,
  clientId,
  consentId,
  credentialId,
  type CredentialRef,
} from '../../domain/ids.ts';
import { sha256 } from '../../wire/digest.ts';
import type { SignalKey } from '../../domain/intake/signal.ts';

/**
 * The key of a row, computed from the row's ids. Ids that others chose are percent-encoded, so that no id can collide with another
 * row's key: `consent#a%23b`, never `consent#a#b`.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

const part = encodeURIComponent;
const generationWidth = 12;

/** Returns a generation as text that sorts as a number does: `generationKey(7)` is `000000000007`. */
export const generationKey = (generation: number): string =>
  String(generation).padStart(generationWidth, '0');

export const shardName = (prefix: string, text: string, shards: number): string =>
  `${prefix}#${spread(text, shards)}`;

/** Half of a partner's SHA-256: three encoded ids do not fit into a sort key. */
const tagOf = (partner: string): string => sha256(partner).slice(0, 32);

const pair = ({ authority, id }: { readonly authority: string; readonly id: string }) =>
  `${part(authority)}#${part(id)}`;

/** Table Registry. */
export const registryKeys = {
  partner: (id: string): Key => ({ pk: `partner#${part(id)}`, sk: 'partner' }),
  authority: (id: string): Key => ({ pk: `authority#${part(id)}`, sk: 'authority' }),
  client: (id: string): Key => ({ pk: `client#${part(id)}`, sk: 'client' }),
  rotation: (client: string): Key => ({ pk: `client#${part(client)}`, sk: 'rotation' }),
  publicKeys: (): Key => ({ pk: 'keys', sk: 'handle' }),
  /** `print` is the keyed fingerprint of the sender's id for the customer. */
  customer: (print: string): Key => ({ pk: `customer#${part(print)}`, sk: 'customer' }),
  /** The same link, found from the pseudonym. */
  pseudonym: (pseudonym: string): Key => ({ pk: `pseudonym#${part(pseudonym)}`, sk: 'pseudonym' }),
  consent: (id: string, generation: number): Key => ({
    pk: `consent#${part(id)}`,
    sk: `generation#${generationKey(generation)}`,
  }),
  credential: (ref: CredentialRef): Key => ({ pk: `credential#${pair(ref)}`, sk: 'credential' }),
  /** The edge from a consent, in one generation, to a credential. */
  consentEdge: (consent: { readonly id: string; readonly generation: number }, ref: CredentialRef): Key => ({
    pk: `consent#${part(consent.id)}`,
    sk: `edge#${generationKey(consent.generation)}#${pair(ref)}`,
  }),
  /** The partition of all credentials of a grant at one authority, of every partner. */
  grantPartition: (authority: string, grant: string): string => `grant#${part(authority)}#${part(grant)}`,
  /** A partner's grant that a walk has reached. */
  grant: ({ authority, grant, partner }: GrantRef): Key => ({
    pk: registryKeys.grantPartition(authority, grant),
    sk: `grant#${part(partner)}`,
  }),
  /** The sort-key prefix of one partner's credentials of a grant. */
  grantEdges: (partner: string): string => `edge#${tagOf(partner)}#`,
  /** The edge from a partner's grant to a credential. */
  grantEdge: ({ authority, grant, partner }: GrantRef, ref: CredentialRef): Key => ({
    pk: registryKeys.grantPartition(authority, grant),
    sk: `${registryKeys.grantEdges(partner)}${pair(ref)}`,
  }),
  /** The edge from a credential to one that was exchanged for it or replaced it. */
  childEdge: (of: CredentialRef, ref: CredentialRef): Key => ({
    pk: registryKeys.credential(of).pk,
    sk: `edge#${pair(ref)}`,
  }),
  /** The partition of one shard of a partner's edges. */
  partnerEdges: (partner: string, shard: number): string => `partner#${part(partner)}#${shard}`,
  /** The edge from a partner to a credential. Edges are spread over `shards` partitions. */
  partnerEdge: (partner: string, ref: CredentialRef, shards: number): Key => ({
    pk: shardName(`partner#${part(partner)}`, pair(ref), shards),
    sk: `edge#${pair(ref)}`,
  }),
};

/** Table Fences, which has only a partition key. A partner's fence is stored in several copies. */
export const fenceKey = ({ type, id }: FenceSubject, copy = 0): { readonly pk: string } => ({
  pk: type === 'partner' ? `${type}#${part(id)}#${copy}` : `${type}#${part(id)}`,
});

/** The hold of a subject. It is in the table Fences, because a reader of one needs the other too. */
export const holdKey = (subject: CaseSubject): { readonly pk: string } => ({
  pk: `hold#${subject.type}#${subjectPart(subject)}`,
});

/** Table Cases. */
export const caseKeys = {
  signal: ({ account, source, id }: SignalKey): Key => ({
    pk: `signal#${part(account)}#${part(source)}#${part(id)}`,
    sk: 'signal',
  }),
  rejection: (digest: string): Key => ({ pk: `rejection#${digest}`, sk: 'rejection' }),
  case: (id: CaseId): Key => ({ pk: `case#${id}`, sk: 'case' }),
  cursor: (id: CaseId, node: PlanNode): Key => ({ pk: `case#${id}`, sk: `cursor#${nodeKey(node)}` }),
  obligation: (id: CaseId, shard: number, ref: CredentialRef): Key => ({
    pk: casePartition(id, shard),
    sk: `obligation#${pair(ref)}`,
  }),
  note: (id: CaseId, shard: number, ref: CredentialRef): Key => ({
    pk: casePartition(id, shard),
    sk: `note#${pair(ref)}`,
  }),
  grantNote: (id: CaseId, { authority, partner, grant }: GrantRef): Key => ({
    pk: `case#${id}`,
    sk: `passed#${part(authority)}#${tagOf(partner)}#${part(grant)}`,
  }),
  tally: (id: CaseId, shard: number): Key => ({ pk: casePartition(id, shard), sk: 'tally' }),
  seen: (id: CaseId, shard: number, authority: string): Key => ({
    pk: casePartition(id, shard),
    sk: `seen#${part(authority)}`,
  }),
  approval: (what: string): Key => ({ pk: `approval#${what}`, sk: 'approval' }),
  cutOff: (id: string): Key => ({ pk: `plan#${part(id)}`, sk: 'plan' }),
  cutOffPage: (id: string, page: number): Key => ({
    pk: `plan#${part(id)}`,
    sk: `page#${String(page).padStart(4, '0')}`,
  }),
  event: (id: string, shards: number): Key => ({ pk: shardName('outbox', id, shards), sk: id }),
};

/** Turns at authorities, in the table Cases. */
export const turnKeys = {
  turn: (authority: string): Key => ({ pk: `turn#${part(authority)}`, sk: 'turn' }),
  /** A chunk that waits for the turn: one row, however often it is woken. */
  waiting: ({ case: id, shard, authority }: Chunk): Key => ({
    pk: `turn#${part(authority)}`,
    sk: `waits#${id}#${shard}`,
  }),
};

export const casePartition = (id: CaseId, shard: number): string => `case#${id}#${shard}`;

/** The sort-key prefix of one authority's obligations. */
export const obligationPrefix = (authority: string): string => `obligation#${part(authority)}#`;

function nodeKey(node: PlanNode): string {
  switch (node.kind) {
    case 'consent':
      return `consent#${part(node.id)}#${generationKey(node.generation)}`;
    case 'partner':
      return `partner#${part(node.id)}`;
    case 'credential':
    case 'children':
      return `${node.kind}#${pair(node)}`;
    case 'grant':
      return `grant#${pair(node)}#${node.partner === undefined ? '' : tagOf(node.partner)}`;
    case 'batch':
      return `batch#${node.id}`;
  }
}

/** Table Ledger. */
export const ledgerKeys = {
  entry: (subject: string, id: string): Key => ({ pk: `entry#${subject}`, sk: id }),
  pending: (id: string, shards: number): Key => ({ pk: shardName('pending', id, shards), sk: id }),
};

/** Returns the kind and ids of a row of Cases from its key. The index of due rows projects only keys. */
export function parseCaseKey({
  pk,
  sk,
}: Key):
  | { readonly kind: 'case'; readonly case: string }
  | { readonly kind: 'obligation'; readonly case: string; readonly shard: number; readonly authority: string }
  | undefined {
  const [, id, shard] = pk.split('#');
  if (id === undefined) return undefined;
  if (sk === 'case') return { kind: 'case', case: id };
  const [type, authority] = sk.split('#');
  if (type !== 'obligation' || authority === undefined || shard === undefined) return undefined;
  return { kind: 'obligation', case: id, shard: Number(shard), authority: decodeURIComponent(authority) };
}

/** The partition of the sparse index for rotations, separate from rows that expire. Rotations are few, so one is enough. */
export const rotationShard = 'rotation#0';

/** Returns the client of a due rotation from the row's key. */
export const parseRotationKey = ({ pk }: Key): ClientId =>
  clientId(decodeURIComponent(pk.split('#')[1] ?? ''));

/** Returns the kind and ids of a due row of Registry from its key. */
export function parseRegistryKey({
  pk,
  sk,
}: Key):
  | { readonly kind: 'consent'; readonly consent: ConsentRef }
  | { readonly kind: 'credential'; readonly credential: CredentialRef }
  | undefined {
  const [type, first = '', second = ''] = pk.split('#').map(decodeURIComponent);
  if (type === 'consent' && sk.startsWith('generation#'))
    return {
      kind: 'consent',
      consent: { id: consentId(first), generation: Number(sk.slice('generation#'.length)) },
    };
  if (type === 'credential' && sk === 'credential')
    return { kind: 'credential', credential: { authority: authorityId(first), id: credentialId(second) } };
  return undefined;
}
