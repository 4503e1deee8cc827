import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authorityId, credentialId } from '../../../lib/domain/ids.ts';
import { shardOf } from '../../../lib/domain/case/obligation.ts';

const ref = fc.record({
  authority: fc.string({ unit: 'binary' }).map(authorityId),
  id: fc.string({ unit: 'binary' }).map(credentialId),
});

describe('shardOf', () => {
  it('stays inside the shards of its case', () => {
    fc.assert(
      fc.property(ref, fc.integer({ min: 1, max: 90 }), (of, shards) => {
        const shard = shardOf(of, shards);
        expect(Number.isInteger(shard) && shard >= 0 && shard < shards).toBe(true);
      }),
    );
  });

  // A stored obligation is found by this number: it may never change between two versions of the code.
  it('gives FNV-1a of authority, newline and id', () => {
    // worked by hand in 32-bit arithmetic: FNV-1a("bank\nrt-1")
    let hash = 2_166_136_261n;
    for (const byte of Buffer.from('bank\nrt-1', 'latin1'))
      hash = ((hash ^ BigInt(byte)) * 16_777_619n) % 2n ** 32n;
    expect(shardOf({ authority: authorityId('bank'), id: credentialId('rt-1') }, 90)).toBe(
      Number(hash % 90n),
    );
  });

  it('reads nothing of a credential but authority and id', () => {
    fc.assert(
      fc.property(ref, (of) => {
        expect(shardOf({ ...of, kind: 'grant', state: 'dead' } as typeof of, 90)).toBe(shardOf(of, 90));
      }),
    );
  });

  it('spreads credentials over all shards', () => {
    const used = new Set(
      Array.from({ length: 2_000 }, (_, n) =>
        shardOf({ authority: authorityId('bank'), id: credentialId(`rt-${n}`) }, 8),
      ),
    );
    expect(used.size).toBe(8);
  });
});
