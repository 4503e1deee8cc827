import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inParallel } from '../../lib/flows/in-parallel.ts';

const soon = () => new Promise<void>((done) => setImmediate(done));

describe('inParallel', () => {
  it('works on every item once, never on more than the width at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 10 }), async (size, width) => {
        const items = Array.from({ length: size }, (_, index) => index);
        const done: number[] = [];
        let [running, most] = [0, 0];
        await inParallel(items, width, async (item) => {
          most = Math.max(most, (running += 1));
          await soon();
          running -= 1;
          done.push(item);
        });
        expect(done.sort((a, b) => a - b)).toEqual(items);
        expect(most).toBe(Math.min(width, size));
      }),
      { numRuns: 30 },
    );
  });

  it('starts items in their order', async () => {
    const started: number[] = [];
    await inParallel([1, 2, 3, 4], 2, async (item) => {
      started.push(item);
      await soon();
    });
    expect(started).toEqual([1, 2, 3, 4]);
  });

  it('rejects with the error after all started items have ended', async () => {
    const ended: number[] = [];
    const work = inParallel([1, 2], 2, async (item) => {
      if (item === 1) throw new Error('first');
      await soon();
      ended.push(item);
    });
    await expect(work).rejects.toThrow('first');
    expect(ended).toEqual([2]);
  });

  it('does nothing without items', async () => {
    await expect(inParallel([], 5, () => Promise.reject(new Error('worked')))).resolves.toBeUndefined();
  });
});
