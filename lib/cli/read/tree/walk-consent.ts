import type { Listed } from '../../../aws/dynamodb/readers/inventory.ts';
import type { ListedNode } from '../../../domain/case/case.ts';
import type { ConsentRef, Credential } from '../../../domain/inventory/credential.ts';
import { grantOf } from '../../../domain/inventory/delegation.ts';
import type { CredentialRef } from '../../../domain/ids.ts';
import { credentialName, grantName } from '../../../domain/names.ts';
import type { Edges } from '../../../flows/walk/list-edges.ts';

/** Edges in one read. */
const edgesAtOnce = 100;

/** At most this many nodes are read at the same time. */
const nodesAtOnce = 16;

export interface WalkConsent {
  /** Credentials that name a consent in one generation, page by page. */
  readonly list: (holder: { readonly type: 'consent' } & ConsentRef) => AsyncIterable<readonly Listed[]>;
  readonly edges: Edges;
  readonly credentials: { findAll(refs: readonly CredentialRef[]): Promise<readonly Credential[]> };
  /** Returns the consent that a credential serves, if it is another active consent. */
  readonly serves: (credential: Credential, root: ConsentRef) => Promise<ConsentRef | undefined>;
}

/** A credential in the delegation of a consent. */
export interface Grown extends Credential {
  /** Another active consent that it serves: its descendants belong there. */
  readonly serves?: ConsentRef | undefined;
}

export interface Walked {
  /** Without duplicates; credentials nearer to the consent come first. */
  readonly grown: readonly Grown[];
  /** The limit that ended the list: of credentials (`more`) or of steps (`farther`). */
  readonly left?: 'more' | 'farther' | undefined;
}

/**
 * Lists the credentials of a consent: those that name it, those that were exchanged for or replaced these, and those on their grants;
 * up to `limit` credentials and `steps` steps. A credential that serves another active consent is listed, without its descendants.
 */
export async function walkConsent(
  root: ConsentRef,
  bounds: { readonly limit: number; readonly steps: number },
  deps: WalkConsent,
): Promise<Walked> {
  const grown = new Map<string, Grown>();
  const grants = new Set<string>();
  const add = async (credentials: readonly Credential[]): Promise<ListedNode[]> => {
    const served = await Promise.all(credentials.map((credential) => deps.serves(credential, root)));
    return credentials.flatMap((credential, index) => {
      const serves = served[index];
      grown.set(credentialName(credential), { ...credential, ...(serves && { serves }) });
      return serves ? [] : nodesOf(credential, grants);
    });
  };
  const first = await firstStep(root, bounds.limit, deps);
  let nodes = await add(first.credentials);
  if (first.more) return { grown: [...grown.values()], left: 'more' };
  for (let step = 1; nodes.length > 0; step += 1) {
    const isLast = step === bounds.steps;
    const limit = isLast ? 0 : bounds.limit - grown.size;
    const next = await nextStep(nodes, { limit, isKnown: (name) => grown.has(name) }, deps);
    nodes = await add(next.credentials);
    if (next.more) return { grown: [...grown.values()], left: isLast ? 'farther' : 'more' };
  }
  return { grown: [...grown.values()] };
}

interface Step {
  readonly credentials: readonly Credential[];
  readonly more: boolean;
}

async function firstStep(root: ConsentRef, limit: number, deps: WalkConsent): Promise<Step> {
  const credentials: Credential[] = [];
  for await (const page of deps.list({ type: 'consent', ...root })) {
    credentials.push(...page.map(({ credential }) => credential));
    if (credentials.length > limit) return { credentials: credentials.slice(0, limit), more: true };
  }
  return { credentials, more: false };
}

/** Lists the unknown credentials that are one edge farther, up to a limit, in the order of the nodes. */
async function nextStep(
  nodes: readonly ListedNode[],
  bounds: { readonly limit: number; readonly isKnown: (name: string) => boolean },
  deps: WalkConsent,
): Promise<Step> {
  const found = new Map<string, CredentialRef>();
  for (let start = 0; start < nodes.length && found.size <= bounds.limit; start += nodesAtOnce) {
    const some = nodes.slice(start, start + nodesAtOnce);
    const lists = await Promise.all(some.map((node) => unknownOf(node, bounds, deps)));
    for (const ref of lists.flat()) found.set(credentialName(ref), ref);
  }
  const refs = [...found.keys()].slice(0, bounds.limit);
  const known =
    refs.length === 0 ? [] : await deps.credentials.findAll(refs.flatMap((name) => found.get(name) ?? []));
  const byName = new Map(known.map((credential) => [credentialName(credential), credential]));
  return { credentials: refs.flatMap((name) => byName.get(name) ?? []), more: found.size > bounds.limit };
}

/** Lists up to one page more than the limit, which is enough to know that there are more. */
async function unknownOf(
  node: ListedNode,
  { limit, isKnown }: { readonly limit: number; readonly isKnown: (name: string) => boolean },
  { edges }: WalkConsent,
): Promise<readonly CredentialRef[]> {
  const refs: CredentialRef[] = [];
  let after: string | undefined;
  do {
    const page = await edges.page(node, after, edgesAtOnce);
    refs.push(...page.refs.filter((ref) => !isKnown(credentialName(ref))));
    after = page.next;
  } while (after !== undefined && refs.length <= limit);
  return refs;
}

/** Returns the nodes with the edges of a credential; a grant that several credentials share is returned once. */
function nodesOf(credential: Credential, grants: Set<string>): ListedNode[] {
  const { authority, id } = credential;
  const children = { kind: 'children', authority, id } as const;
  const grant = grantOf(credential);
  if (!grant || grants.has(grantName(grant))) return [children];
  grants.add(grantName(grant));
  return [children, { kind: 'grant', authority, id: grant.grant, partner: grant.partner }];
}
