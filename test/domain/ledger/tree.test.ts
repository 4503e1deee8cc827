import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyFrontier, type Frontier, grow, isWhole, rootOf } from '../../../lib/domain/ledger/tree.ts';
import { treeHashing } from '../../../lib/ledger/tree-hash.ts';

// github.com/transparency-dev/merkle, testonly/constants.go and rfc6962/rfc6962_test.go (Apache-2.0): the set of the
// RFC 6962 reference implementation
const leafHexes = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const hex = (...parts: Uint8Array[]): string =>
  createHash('sha256').update(Buffer.concat(parts)).digest('hex');
const leaves = leafHexes.map((data) => hex(Buffer.of(0), Buffer.from(data, 'hex')));

/** The definition of RFC 9162 section 2.1.1, word for word. */
function definedRoot(of: readonly string[]): string {
  const [first] = of;
  if (first === undefined) return hex();
  if (of.length === 1) return first;
  let split = 1;
  while (split * 2 < of.length) split *= 2;
  const left = Buffer.from(definedRoot(of.slice(0, split)), 'hex');
  return hex(Buffer.of(1), left, Buffer.from(definedRoot(of.slice(split)), 'hex'));
}

describe('treeHashing', () => {
  it('hashes a leaf, and an empty one, as RFC 6962 does', () => {
    expect(treeHashing.leaf('L123456')).toBe(
      '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
    );
    expect(treeHashing.leaf('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  });

  it('hashes the UTF-8 bytes of a body', () => {
    expect(treeHashing.leaf('é€')).toBe(hex(Buffer.of(0, 0xc3, 0xa9, 0xe2, 0x82, 0xac)));
  });

  it('hashes a node with its own prefix', () => {
    const [left = '', right = '', both] = [leaves[0], leaves[1], roots[2]];
    expect(treeHashing.node(left, right)).toBe(both);
  });
});

describe('rootOf', () => {
  it.each(roots.map((root, size) => ({ size, root })))(
    'gives the vector for $size leaves',
    ({ size, root }) => {
      expect(rootOf(grow(emptyFrontier, leaves.slice(0, size), treeHashing), treeHashing)).toBe(root);
    },
  );

  it('is the same whether the leaves came one by one, in batches, or at once', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, (batches) => {
        let frontier: Frontier = emptyFrontier;
        const all: string[] = [];
        for (const size of batches) {
          const batch = Array.from({ length: size }, (_, at) => treeHashing.leaf(`${all.length + at}`));
          frontier = grow(frontier, batch, treeHashing);
          all.push(...batch);
          expect(rootOf(frontier, treeHashing)).toBe(definedRoot(all));
          expect(isWhole(frontier)).toBe(true);
        }
        expect(frontier).toEqual(grow(emptyFrontier, all, treeHashing));
      }),
    );
  });
});

describe('grow', () => {
  it('costs about one node hash a leaf, however large the tree is', () => {
    let hashed = 0;
    const counting = {
      ...treeHashing,
      node: () => {
        hashed += 1;
        return 'ab'.repeat(32);
      },
    };
    // 2^40 - 1 leaves: forty peaks
    const large = { size: 2 ** 40 - 1, peaks: Array.from({ length: 40 }, () => 'cd'.repeat(32)) };
    const grown = grow(large, leaves, counting);
    expect(hashed).toBeLessThanOrEqual(40 + leaves.length);
    expect(isWhole(grown)).toBe(true);
  });

  it('refuses a frontier that lacks a peak', () => {
    const broken = { size: 3, peaks: ['ab'.repeat(32)] };
    expect(isWhole(broken)).toBe(false);
    expect(() => grow(broken, leaves, treeHashing)).toThrow(RangeError);
  });
});
