import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchEntriesMax, orderBytesMax } from '../../../lib/domain/ledger/limits.ts';
import { batchesOf, byAge, type Marker, oldestFirst } from '../../../lib/domain/ledger/order.ts';

const marker = (sk: string, over: Partial<Marker> = {}): Marker => ({
  pk: `entry#case/${sk}`,
  sk,
  digest: 'd',
  shard: 0,
  ...over,
});

describe('oldestFirst', () => {
  it('ascends by id, whatever shard a marker came from', () => {
    const markers = [marker('03', { shard: 1 }), marker('01', { shard: 7 }), marker('02')];
    expect(oldestFirst(markers).map(({ sk }) => sk)).toEqual(['01', '02', '03']);
  });

  it('ascends by partition where ids are the same', () => {
    const markers = [marker('01', { pk: 'entry#b' }), marker('01', { pk: 'entry#a' })];
    expect(oldestFirst(markers).map(({ pk }) => pk)).toEqual(['entry#a', 'entry#b']);
  });

  it('takes an entry once though two markers name it', () => {
    expect(oldestFirst([marker('01'), marker('01', { shard: 3 })])).toHaveLength(1);
  });
});

describe('batchesOf', () => {
  it('fills a batch to its limit and begins another', () => {
    const many = Array.from({ length: batchEntriesMax + 1 }, (_, at) => marker(String(at)));
    expect(batchesOf(many).map(({ length }) => length)).toEqual([batchEntriesMax, 1]);
  });

  it('loses, repeats and moves nothing, and fits each batch into an item', () => {
    // two bytes a letter: bytes count, not characters
    const ref = fc.record({ pk: fc.nat(1000).map((length) => 'é'.repeat(length)), sk: fc.ulid() });
    fc.assert(
      fc.property(fc.array(ref, { maxLength: 600, size: 'max' }), (all) => {
        const batches = batchesOf(all);
        expect(batches.flat()).toEqual(all);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(batchEntriesMax);
          const bytes = batch.reduce((sum, { pk, sk }) => sum + Buffer.byteLength(pk + sk), 0);
          expect(bytes).toBeLessThanOrEqual(orderBytesMax);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('cuts by bytes where keys are as long as DynamoDB lets them be', () => {
    const long = Array.from({ length: 256 }, (_, at) => marker(String(at), { pk: 'x'.repeat(2048) }));
    expect(batchesOf(long).length).toBeGreaterThan(1);
  });
});

describe('byAge', () => {
  it('is zero for one and the same entry', () => {
    expect(byAge(marker('01'), marker('01', { shard: 5 }))).toBe(0);
  });
});
