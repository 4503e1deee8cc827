import { shortId } from '../../short-id.ts';
import type { Branch, Origins } from './arrange.ts';

/** A tree is shown to this depth: no real delegation has so many levels. */
export const levelsMax = 24;

/** Returns the trees as rows of a table, from top to bottom, each with its indentation. */
export function rowsOf<One>(
  branches: readonly Branch<One>[],
  depth = 0,
): readonly { readonly branch: Branch<One>; readonly depth: number }[] {
  return branches.flatMap((branch) => [{ branch, depth }, ...rowsOf(branch.grew, depth + 1)]);
}

/** Returns the trees for programs. `told` returns the members of one credential; one that is shown above is only named. */
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

/** Returns the first cell of a row. */
export const cellOf = ({ authority, id }: Origins, depth: number): string =>
  `${'  '.repeat(depth)}${authority}/${shortId(id)}`;

/** Returns how a credential came to its place, for people. */
export function hangsText({ hangs, of, one }: Branch<Origins>): string {
  const from = of && `${of.authority}/${shortId(of.id)}`;
  if (hangs === 'by grant') return `same grant ${one.grant ?? ''}`;
  if (from === undefined) return hangs;
  return hangs === 'refreshed' ? `refreshed from ${from}` : `exchanged for ${from}`;
}

/** The cell of a row that is shown above. */
export const seeAbove = '… see above';
