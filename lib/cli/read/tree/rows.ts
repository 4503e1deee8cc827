import { shortId } from '../../short-id.ts';
import type { Branch, Origins } from './arrange.ts';

/** Deeper than this, a tree is not shown: no sane delegation has so many hands. */
export const levelsMax = 24;

/** The trees as rows of a table, from top to bottom: each with how far it is indented. */
export function rowsOf<One>(
  branches: readonly Branch<One>[],
  depth = 0,
): readonly { readonly branch: Branch<One>; readonly depth: number }[] {
  return branches.flatMap((branch) => [{ branch, depth }, ...rowsOf(branch.grew, depth + 1)]);
}

/** The trees for programs: `told` is what is said of each; one that stands above is only named. */
export function nestedOf<One extends Origins>(
  branches: readonly Branch<One>[],
  told: (one: One) => object,
): readonly object[] {
  return branches.map(({ one, hangs, of, again, grew }) => {
    const { authority, id } = one;
    const how = { hangs, ...(of && { of: { authority: of.authority, id: of.id } }) };
    if (again) return { authority, id, ...how, again };
    return { ...told(one), ...how, grew: nestedOf(grew, told) };
  });
}

/** The first cell of a row. */
export const cellOf = ({ authority, id }: Origins, depth: number): string =>
  `${'  '.repeat(depth)}${authority}/${shortId(id)}`;

/** How one hangs, for people. */
export function hangsText({ hangs, of, one }: Branch<Origins>): string {
  const from = of && `${of.authority}/${shortId(of.id)}`;
  if (hangs === 'by grant') return `by grant ${one.grant ?? ''}`;
  if (from === undefined) return hangs;
  return hangs === 'refreshed' ? `refreshed from ${from}` : `exchanged for ${from}`;
}

/** Instead of a row that stands above. */
export const seeAbove = '… see above';
