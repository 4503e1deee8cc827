import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Listed } from '../../../lib/aws/dynamodb/readers/inventory.ts';
import { type CredentialFilter, selectCredentials } from '../../../lib/cli/read/select-credentials.ts';
import { credentialId } from '../../../lib/domain/ids.ts';
import { credentialOf } from '../../domain/objects.ts';

/** Credentials by position; true: dead. Read in pages of `size`, from behind a position on. */
async function* pages(
  dead: readonly boolean[],
  size: number,
  after = '-1',
): AsyncGenerator<readonly Listed[]> {
  const all = dead.map((is, place) => ({
    credential: credentialOf({ id: credentialId(String(place)), state: is ? 'dead' : 'live' }),
    after: String(place),
  }));
  for (let start = Number(after) + 1; start < all.length; start += size) yield all.slice(start, start + size);
}

const onlyDead: CredentialFilter = { state: 'dead' };
const placesOf = (dead: readonly boolean[]) => dead.flatMap((is, place) => (is ? [String(place)] : []));

describe('selectCredentials', () => {
  it('says that another one matches, and where to continue', async () => {
    const selected = await selectCredentials(pages([true, false, true, false, true], 2), onlyDead, {
      limit: 2,
      lookedAtMax: 100,
    });
    expect(selected.found.map(({ id }) => id)).toEqual(['0', '2']);
    expect(selected).toMatchObject({ looked: 5, next: { after: '3', because: 'another-matches' } });
  });

  it('ends if nothing more matches, although there are more credentials', async () => {
    const { next, looked } = await selectCredentials(pages([true, false, false, false], 2), onlyDead, {
      limit: 1,
      lookedAtMax: 100,
    });
    expect([next, looked]).toEqual([undefined, 4]);
  });

  it('reads no more than its limit, and says that it stopped', async () => {
    const few = Array.from({ length: 10 }, () => false);
    expect(await selectCredentials(pages(few, 4), onlyDead, { limit: 1, lookedAtMax: 7 })).toEqual({
      found: [],
      looked: 7,
      next: { after: '6', because: 'looked-enough' },
    });
    expect(
      (await selectCredentials(pages(few, 4), onlyDead, { limit: 1, lookedAtMax: 10 })).next,
    ).toBeUndefined();
  });

  it('lists each match once over all pages, and says why if a page before the last is short', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 12 }),
        async (dead, size, limit, lookedAtMax) => {
          const seen: string[] = [];
          let after: string | undefined;
          let turns = 0;
          do {
            const { found, next, looked } = await selectCredentials(pages(dead, size, after), onlyDead, {
              limit,
              lookedAtMax,
            });
            seen.push(...found.map(({ id }) => id));
            expect(looked).toBeLessThanOrEqual(lookedAtMax);
            expect(found.length === limit || next?.because !== 'another-matches').toBe(true);
            expect(next?.because !== 'looked-enough' || looked === lookedAtMax).toBe(true);
            after = next?.after;
            turns += 1;
            expect(turns).toBeLessThanOrEqual(dead.length + 1);
          } while (after !== undefined);
          expect(seen).toEqual(placesOf(dead));
        },
      ),
    );
  });
});
