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

/** The edges that were found at one cursor. */
export interface Listing {
  /** Without duplicates. */
  readonly refs: readonly CredentialRef[];
  /** True if the case is about these credentials themselves; false if it is about an ancestor of theirs. */
  readonly direct: boolean;
  /** Nodes that have more edges than were listed here, and the rest of a batch. */
  readonly branches: readonly Cursor[];
  /** The start of the node's next page. */
  readonly next?: string | undefined;
}

/** Lists one page of a node, or the children and grants of a batch of condemned credentials. `newId` names the rest of a batch. */
export async function listEdges(cursor: Cursor, edges: Edges, newId: () => string): Promise<Listing> {
  const { node, after } = cursor;
  if (node.kind === 'batch') return listBatch(node, edges, newId);
  const { refs, next } = await edges.page(node, after, planPageCredentials);
  return { refs: once(refs), direct: node.kind !== 'children' && node.kind !== 'grant', branches: [], next };
}

/** Lists one page of each node. Nodes with more pages become cursors of their own, as many as one transaction holds. */
async function listBatch(batch: Batch, edges: Edges, newId: () => string): Promise<Listing> {
  const seen = new Set<string>();
  const lists = await Promise.all(
    batch.walked.map((walked) => Promise.all(nodesOf(walked, seen).map((node) => first(node, edges)))),
  );
  const refs: CredentialRef[] = [];
  const branches: Cursor[] = [];
  for (const [index, pages] of lists.entries()) {
    const more = pages.flatMap(({ branch }) => branch ?? []);
    // one place is reserved for the rest of the batch
    if (branches.length + more.length >= walkBranches) {
      const rest = restOf(batch, index, newId());
      return { refs: once(refs), direct: false, branches: [...branches, { node: rest }] };
    }
    branches.push(...more);
    for (const page of pages) refs.push(...page.refs);
  }
  return { refs: once(refs), direct: false, branches };
}

/** Returns the batch from `index` on, without the grants that an earlier credential has listed already. */
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

/** Returns the nodes that may have descendants of a credential. A grant that several credentials share is listed once. */
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
