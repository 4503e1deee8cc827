import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, type Branch, type Origins } from '../../../../lib/cli/read/tree/arrange.ts';
import { rowsOf } from '../../../../lib/cli/read/tree/rows.ts';
import {
  authorityId,
  credentialId,
  type CredentialRef,
  grantId,
  partnerId,
} from '../../../../lib/domain/ids.ts';

interface One extends Origins {
  readonly under: boolean;
}

const refOf = (n: number): CredentialRef => ({ authority: authorityId('bank'), id: credentialId(`c-${n}`) });
const isUnder = ({ under }: One): boolean => under;

/** Any links among up to 12 credentials, including circles and links to unknown ones. */
const anyGraph: fc.Arbitrary<readonly One[]> = fc
  .array(
    fc.record({
      parent: fc.option(fc.nat(14), { nil: undefined }),
      replaces: fc.option(fc.nat(14), { nil: undefined }),
      grant: fc.option(fc.constantFrom('g', 'h'), { nil: undefined }),
      under: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((all) =>
    all.map(({ parent, replaces, grant, under }, n) => ({
      ...refOf(n),
      under,
      partner: partnerId('acme'),
      ...(parent !== undefined && { parent: refOf(parent) }),
      ...(replaces !== undefined && { replaces: refOf(replaces) }),
      ...(grant !== undefined && { grant: grantId(grant) }),
    })),
  );

const placed = (branches: readonly Branch<One>[]) => rowsOf(branches).map(({ branch }) => branch);
const idsOf = (branches: readonly Branch<One>[]) => branches.map(({ one }) => one.id as string);

describe('arrange', () => {
  it('places each credential once, and refers to it only after that', () => {
    fc.assert(
      fc.property(anyGraph, (all) => {
        const { branches, deeper } = arrange(all, { isUnder, levels: 50 });
        const rows = placed(branches);
        const full = rows.filter(({ again }) => !again);
        expect(deeper).toBe(0);
        expect(idsOf(full).toSorted()).toEqual(all.map(({ id }) => id as string).toSorted());
        for (const [index, { one, again, grew }] of rows.entries()) {
          const before = idsOf(rows.slice(0, index));
          expect(before.includes(one.id)).toBe(again);
          expect(again && grew.length > 0).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('places an exchanged credential below its parent, if the parent is known', () => {
    fc.assert(
      fc.property(anyGraph, (all) => {
        const { branches } = arrange(all, { isUnder, levels: 50 });
        const edges = placed(branches).flatMap(({ one, grew }) =>
          grew.filter(({ hangs }) => hangs === 'exchanged').map((child) => `${one.id}>${child.one.id}`),
        );
        const known = new Set(all.map(({ id }) => id));
        const told = all.flatMap(({ id, parent }) =>
          parent && known.has(parent.id) ? [`${parent.id}>${id}`] : [],
        );
        expect(edges.toSorted()).toEqual(told.toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it('counts credentials below the deepest level', () => {
    fc.assert(
      fc.property(anyGraph, fc.integer({ min: 1, max: 3 }), (all, levels) => {
        const { branches, deeper } = arrange(all, { isUnder, levels });
        const rows = rowsOf(branches);
        expect(Math.max(0, ...rows.map(({ depth }) => depth))).toBeLessThan(levels);
        expect(rows.filter(({ branch }) => !branch.again).length + deeper).toBe(all.length);
      }),
      { numRuns: 500 },
    );
  });

  it('places a credential by its grant only if it has no other ancestor, below the first of that grant', () => {
    const [grant, partner] = [grantId('g'), partnerId('acme')];
    const all: readonly One[] = [
      { ...refOf(0), grant, partner, under: false },
      { ...refOf(1), grant, partner, under: true },
      { ...refOf(2), grant, partner, under: true },
      { ...refOf(3), grant, partner, under: false, parent: refOf(2) },
      { ...refOf(4), grant, partner: partnerId('another'), under: false },
    ];
    const { branches } = arrange(all, { isUnder, levels: 9 });
    expect(rowsOf(branches).map(({ branch, depth }) => [depth, branch.one.id, branch.hangs])).toEqual([
      [0, 'c-1', 'issued'],
      [1, 'c-0', 'by grant'],
      [0, 'c-2', 'issued'],
      [1, 'c-3', 'exchanged'],
      [0, 'c-4', 'issued'],
    ]);
  });

  it('arranges a chain of ten thousand refreshes as a list', () => {
    const all = Array.from({ length: 10_000 }, (_, n) => ({
      ...refOf(n),
      under: true,
      ...(n > 0 && { replaces: refOf(n - 1) }),
    }));
    const { branches } = arrange(all, { isUnder, levels: 2 });
    expect(branches.map(({ one }) => one)).toEqual(all);
  });
});
