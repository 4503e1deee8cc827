import type { Credential } from '../../../domain/inventory/credential.ts';
import type { CredentialRef } from '../../../domain/ids.ts';
import { credentialName, grantName } from '../../../domain/names.ts';

/** A credential with the ancestors that it names; all of them are absent if only its name is known. */
export type Origins = CredentialRef & Partial<Pick<Credential, 'parent' | 'replaces' | 'grant' | 'partner'>>;

/** How a credential came to its place in the tree. */
export type Hangs = 'issued' | 'exchanged' | 'refreshed' | 'by grant';

/** A place in the tree. A refreshed credential comes behind the one that it replaced, not below: a chain of refreshes is a list. */
export interface Branch<One> {
  readonly one: One;
  readonly hangs: Hangs;
  /** The credential that it was exchanged for or replaced, where that is not the line above. */
  readonly of?: CredentialRef | undefined;
  /** True if the credential and its descendants are shown above; here it is only named. */
  readonly again: boolean;
  readonly grew: readonly Branch<One>[];
}

export interface Forest<One> {
  readonly branches: readonly Branch<One>[];
  /** The number of credentials that occur only below the deepest requested level. */
  readonly deeper: number;
}

interface Bounds<One> {
  /** True if the credential itself is under the subject of the forest, and not only its ancestor. */
  readonly isUnder: (one: One) => boolean;
  readonly levels: number;
}

/**
 * Arranges distinct credentials by their delegation: an exchanged credential below its parent, a refreshed one behind the one that it
 * replaced, and one that shares only a grant below the first credential of that grant. A credential with two ancestors is placed once
 * and named the second time. Credentials that only name each other, in a circle, begin a tree at the first of them.
 */
export function arrange<One extends Origins>(all: readonly One[], bounds: Bounds<One>): Forest<One> {
  const links = linksOf(all, bounds.isUnder);
  const shown = new Set<string>();
  // recurses by level only: a chain of refreshes is a list of any length
  const level = (starts: readonly Link<One>[], depth: number): Branch<One>[] => {
    const branches: Branch<One>[] = [];
    const left = starts.toReversed();
    for (let link = left.pop(); link; link = left.pop()) {
      const name = credentialName(link.one);
      const again = shown.has(name);
      shown.add(name);
      const below = again || depth === bounds.levels ? [] : links.below(name);
      branches.push({ ...link, again, grew: below.length > 0 ? level(below, depth + 1) : [] });
      if (!again) left.push(...links.behind(name).toReversed());
    }
    return branches;
  };
  const branches = level(rootsOf(all, links), 1);
  return { branches, deeper: all.length - shown.size };
}

type Link<One> = Pick<Branch<One>, 'one' | 'hangs' | 'of'>;

interface Links<One> {
  readonly below: (name: string) => readonly Link<One>[];
  readonly behind: (name: string) => readonly Link<One>[];
  readonly hangs: (one: One) => boolean;
}

function linksOf<One extends Origins>(all: readonly One[], isUnder: (one: One) => boolean): Links<One> {
  const known = new Set(all.map(credentialName));
  const below = new Map<string, Link<One>[]>();
  const behind = new Map<string, Link<One>[]>();
  const hanging = new Set<string>();
  const hang = (on: Map<string, Link<One>[]>, name: string, link: Link<One>): void => {
    const links = on.get(name) ?? [];
    links.push(link);
    on.set(name, links);
    hanging.add(credentialName(link.one));
  };
  for (const one of all) {
    const [parent, replaced] = [one.parent, one.replaces].map((of) => of && credentialName(of));
    if (parent !== undefined && known.has(parent)) hang(below, parent, { one, hangs: 'exchanged' });
    if (replaced !== undefined && known.has(replaced))
      hang(behind, replaced, { one, hangs: 'refreshed', of: one.replaces });
  }
  const firstOfGrant = new Map<string, string>();
  const grantOnly: (readonly [string, One])[] = [];
  for (const one of all) {
    const [name, grant] = [credentialName(one), grantNameOf(one)];
    if (grant === undefined) continue;
    if (!hanging.has(name) && !isUnder(one)) grantOnly.push([grant, one]);
    else if (!firstOfGrant.has(grant)) firstOfGrant.set(grant, name);
  }
  for (const [grant, one] of grantOnly) {
    const first = firstOfGrant.get(grant);
    if (first !== undefined) hang(below, first, { one, hangs: 'by grant' });
  }
  return {
    below: (name) => below.get(name) ?? [],
    behind: (name) => behind.get(name) ?? [],
    hangs: (one) => hanging.has(credentialName(one)),
  };
}

/** Returns the credentials without an ancestor here, then the first of each circle. */
function rootsOf<One extends Origins>(all: readonly One[], links: Links<One>): readonly Link<One>[] {
  const roots = all.filter((one) => !links.hangs(one));
  const reached = new Set<string>();
  const reach = (from: readonly One[]): void => {
    const left = [...from];
    for (let one = left.pop(); one; one = left.pop()) {
      const name = credentialName(one);
      if (reached.has(name)) continue;
      reached.add(name);
      for (const link of [...links.below(name), ...links.behind(name)]) left.push(link.one);
    }
  };
  reach(roots);
  for (const one of all) {
    if (reached.has(credentialName(one))) continue;
    roots.push(one);
    reach([one]);
  }
  return roots.map(rootLink);
}

function rootLink<One extends Origins>(one: One): Link<One> {
  if (one.parent) return { one, hangs: 'exchanged', of: one.parent };
  if (one.replaces) return { one, hangs: 'refreshed', of: one.replaces };
  return { one, hangs: 'issued' };
}

function grantNameOf({ authority, grant, partner }: Origins): string | undefined {
  return grant === undefined || partner === undefined ? undefined : grantName({ authority, grant, partner });
}
