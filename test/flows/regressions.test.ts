import { describe, expect, it } from 'vitest';
import { hearSignal } from '../../lib/flows/intake/hear-signal.ts';
import { inParallel } from '../../lib/flows/in-parallel.ts';
import { bodyOf, hearing, rejectionIn, withdrawn } from './envelopes.ts';

describe('parseSignal', () => {
  it('refuses a lone surrogate: it has no canonical form', async () => {
    const body = bodyOf(withdrawn).replace('moved banks', '\\ud800');
    expect(rejectionIn(await hearSignal(body, hearing)).code).toBe('malformed');
  });

  it('has different digests for details that differ in a member named __proto__', async () => {
    const digestOf = async (text: string) => {
      const heard = await hearSignal(bodyOf(withdrawn).replace('"moved banks"', text), hearing);
      return heard.kind === 'signal' ? heard.signal.digest : heard.rejection.digest;
    };
    expect(await digestOf('"x","__proto__":{"a":1}')).not.toBe(await digestOf('"x","__proto__":{"a":2}'));
  });
});

describe('inParallel', () => {
  it('works on an item that is undefined, and on those after it', async () => {
    const done: unknown[] = [];
    await inParallel([1, undefined, 3], 1, async (item) => void done.push(item));
    expect(done).toEqual([1, undefined, 3]);
  });

  it('rejects with the first error', async () => {
    const work = inParallel([30, 1], 2, async (ms) => {
      await new Promise((done) => setTimeout(done, ms));
      throw new Error(`after ${ms}`);
    });
    await expect(work).rejects.toThrow('after 1');
  });
});
