import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseIdOf } from '../../../lib/domain/case/case.ts';
import { consentId } from '../../../lib/domain/ids.ts';

// few letters, so that ids that differ only in where a separator stands meet often
const oddId = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.string({ unit: fc.constantFrom('/', '%2F', '#', '1'), minLength: 1, maxLength: 4 }),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1 }) },
);
const about = fc.record({
  kind: fc.constant('consent-withdrawn' as const),
  subject: oddId.map((id) => ({ type: 'consent' as const, id: consentId(id) })),
  generation: fc.integer({ min: 1, max: 3 }),
  round: fc.integer({ min: 1, max: 3 }),
});

describe('caseIdOf', () => {
  it('gives two reports of one withdrawal the same case', () => {
    fc.assert(
      fc.property(about, (key) => {
        expect(caseIdOf({ ...key })).toBe(caseIdOf(key));
      }),
    );
  });

  it('gives different subjects, generations or rounds different cases', () => {
    fc.assert(
      fc.property(fc.array(about, { minLength: 150, maxLength: 300, size: 'max' }), (many) => {
        const known = new Map<string, string>();
        for (const key of many) {
          const id = caseIdOf(key);
          const is = JSON.stringify(key);
          expect(known.get(id) ?? is).toBe(is);
          known.set(id, is);
        }
      }),
    );
  });

  it('lets no subject reach into generation and round', () => {
    const of = (id: string, generation: number) =>
      caseIdOf({
        kind: 'consent-withdrawn',
        subject: { type: 'consent', id: consentId(id) },
        generation,
        round: 1,
      });
    expect(of('a/1', 1)).not.toBe(of('a', 1));
    expect(of('a%2F1', 1)).not.toBe(of('a/1', 1));
    expect(of('a#0', 1)).not.toContain('#');
  });
});
