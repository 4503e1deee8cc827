import type { Batch, Cursor, ListedNode } from '../../domain/case/case.ts';
import { grantOf } from '../../domain/inventory/delegation.ts';
import type { CredentialRef } from '../../domain/ids.ts';
import { planPageCredentials, walkBranches, walkEdges } from '../../domain/limits.ts';
import { credentialName, grantName } from '../../domain/names.ts';

export interface Edges {
  /** Strongly consistent: a credential whose transaction committed before its node was condemned is on a page. */
  page(
    node: ListedNode,
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly refs: readonly CredentialRef[]; readonly next?: string | undefined }>;
}

/** Where one cursor leads. */
export interface Listing {
  /** Each once. */
  readonly refs: readonly CredentialRef[];
  /** Whether the case is about these themselves, or about something that they grew out of. */
  readonly direct: boolean;
  /** Nodes with more edges than were listed here, and what of a batch was left. */
  readonly branches: readonly Cursor[];
  /** Where the next page of this node begins. */
  readonly next?: string | undefined;
}

/** Lists one page of a node, or what grew out of a batch of condemned credentials. `newId` names what is left of a batch. */
export async function listEdges(cursor: Cursor, edges: Edges, newId: () => string): Promise<Listing> {
  const { node, after } = cursor;
  if (node.kind === 'batch') return listBatch(node, edges, newId);
  const { refs, next } = await edges.page(node, after, planPageCredentials);
  return { refs: once(refs), direct: node.kind !== 'children' && node.kind !== 'grant', branches: [], next };
}

/** One page of each node; those with more become cursors of their own, as many as one transaction holds. */
async function listBatch(batch: Batch, edges: Edges, newId: () => string): Promise<Listing> {
  const seen = new Set<string>();
  const lists = await Promise.all(
    batch.walked.map((walked) => Promise.all(nodesOf(walked, seen).map((node) => first(node, edges)))),
  );
  const refs: CredentialRef[] = [];
  const branches: Cursor[] = [];
  for (const [index, pages] of lists.entries()) {
    const more = pages.flatMap(({ branch }) => branch ?? []);
    // one place is kept for the rest itself
    if (branches.length + more.length >= walkBranches) {
      const rest = restOf(batch, index, newId());
      return { refs: once(refs), direct: false, branches: [...branches, { node: rest }] };
    }
    branches.push(...more);
    for (const page of pages) refs.push(...page.refs);
  }
  return { refs: once(refs), direct: false, branches };
}

/** What of a batch is left from `index` on; a grant that an earlier one led to is listed already. */
function restOf({ walked }: Batch, index: number, id: string): Batch {
  const listed = new Set(walked.slice(0, index).flatMap((one) => grantNameOf(one) ?? []));
  const left = walked.slice(index).map(({ grant, ...one }) => {
    const name = grantNameOf({ ...one, grant });
    return name === undefined || listed.has(name) ? one : { ...one, grant };
  });
  return { kind: 'batch', id, walked: left };
}

function grantNameOf(walked: Batch['walked'][number]): string | undefined {
  const grant = grantOf(walked);
  return grant && grantName(grant);
}

async function first(node: ListedNode, edges: Edges) {
  const { refs, next } = await edges.page(node, undefined, walkEdges);
  return { refs, branch: next === undefined ? undefined : { node, after: next } };
}

/** What may have grown out of a credential; a grant that several hang on is listed once. */
function nodesOf(walked: Batch['walked'][number], seen: Set<string>): ListedNode[] {
  const { authority, id } = walked;
  const grant = grantOf(walked);
  const children = { kind: 'children', authority, id } as const;
  if (!grant || seen.has(grantName(grant))) return [children];
  seen.add(grantName(grant));
  return [children, { kind: 'grant', authority, id: grant.grant, partner: grant.partner }];
}

const once = (refs: readonly CredentialRef[]): readonly CredentialRef[] => [
  ...new Map(refs.map((ref) => [credentialName(ref), ref])).values(),
];
