import { describe, expect, it } from 'vitest';
import { judge } from '../../../../lib/domain/decisions/proof/judge.ts';
import { skewSeconds } from '../../../../lib/domain/limits.ts';
import { at, evidenceOf, now, rfc3339, seen } from '../../objects.ts';

/** It lapsed `ms` ago, skew not included. */
const lapsed = (ms: number) => ({ at: rfc3339(now - ms), time: now - ms });
const skewMs = skewSeconds * 1000;
const unsupported = { kind: 'unsupported' } as const;

describe('judge: a life that has lapsed', () => {
  it('is over once deadBy and the skew have passed', () => {
    const deadBy = lapsed(skewMs + 1);
    const judgement = judge(evidenceOf({ revoked: unsupported, deadBy, after: [seen('inactive')] }));
    expect(judgement.verdict).toBe('dead');
    expect(judgement.proof).toEqual({ kind: 'lapsed', deadBy: deadBy.at, at });
  });

  it('is not over at the last instant of the skew', () => {
    expect(
      judge(evidenceOf({ revoked: unsupported, deadBy: lapsed(skewMs), after: [seen('inactive')] })).verdict,
    ).toBe('unknown');
  });

  it('is not over at deadBy itself', () => {
    expect(
      judge(evidenceOf({ revoked: unsupported, deadBy: lapsed(0), after: [seen('inactive')] })).verdict,
    ).toBe('unknown');
  });

  it('is not over while a vantage point says active', () => {
    const judgement = judge(
      evidenceOf({ revoked: unsupported, deadBy: lapsed(skewMs * 10), after: [seen('active')] }),
    );
    expect(judgement.verdict).toBe('alive');
    expect(judgement.proof).toBeUndefined();
  });

  it('is not over while no vantage point answers: the sender alone said when', () => {
    const judgement = judge(
      evidenceOf({ revoked: unsupported, deadBy: lapsed(skewMs + 1), after: [seen('unknown')] }),
    );
    expect(judgement.verdict).toBe('unknown');
  });

  it('is over although a negative has no control', () => {
    const judgement = judge(
      evidenceOf({ revoked: unsupported, deadBy: lapsed(skewMs + 1), after: [seen('inactive')] }),
    );
    expect(judgement.proof).toMatchObject({ kind: 'lapsed' });
  });

  it('is told as refused where a probe proves it as well', () => {
    const judgement = judge(
      evidenceOf({ seenActiveAt: now - 1, deadBy: lapsed(skewMs + 1), after: [seen('inactive')] }),
    );
    expect(judgement.proof).toMatchObject({ kind: 'refused' });
  });
});
