import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../../lib/domain/decisions/proof/judge.ts';
import type { RevokeOutcome, Sighting } from '../../../../lib/domain/case/sighting.ts';
import { at, evidenceOf, now, seen } from '../../objects.ts';

// P2: only evidence closes.

const revokeOutcome: fc.Arbitrary<RevokeOutcome> = fc.constantFrom(
  { kind: 'accepted' },
  { kind: 'already-gone' },
  { kind: 'unsupported' },
  { kind: 'refused', because: 'invalid-client' },
  { kind: 'unconfirmed', because: 'timeout' },
);
const sightings: fc.Arbitrary<Sighting[]> = fc.array(
  fc.constantFrom<Sighting['answer']>('active', 'inactive', 'unknown').map((answer) => seen(answer)),
  { maxLength: 3 },
);
const evidence = fc.record({
  before: sightings,
  revoked: revokeOutcome,
  after: sightings,
  seenActiveAt: fc.option(fc.constant(now - 1_000), { nil: undefined }),
  canaryAt: fc.option(
    fc.integer({ min: -90_000, max: 90_000 }).map((ms) => now + ms),
    { nil: undefined },
  ),
  now: fc.constant(now),
  at: fc.constant(at),
});

describe('judge: what the vantage points say', () => {
  it('calls it alive when one says active and another inactive', () => {
    const after = [seen('inactive'), seen('active')];
    expect(judge(evidenceOf({ before: [seen('active')], after }))).toMatchObject({ verdict: 'alive' });
  });

  it('calls it alive when one says active and another says nothing', () => {
    expect(judge(evidenceOf({ after: [seen('unknown'), seen('active')] }))).toMatchObject({
      verdict: 'alive',
    });
  });

  it('calls it unknown when one of two negatives is missing, even with a control', () => {
    const after = [seen('inactive'), seen('unknown')];
    expect(judge(evidenceOf({ seenActiveAt: now - 1, after }))).toMatchObject({ verdict: 'unknown' });
  });

  it.each(['http-403', 'http-429', 'http-500', 'http-503', 'timeout', 'not-json', 'invalid-client'])(
    'calls it unknown after %s, whatever vouches for a negative',
    (because) => {
      const after = [seen('unknown', now, because)];
      const judgement = judge(evidenceOf({ before: [seen('active')], after, canaryAt: now }));
      expect(judgement).toMatchObject({ verdict: 'unknown', outcome: 'unconfirmed' });
      expect(judgement.proof).toBeUndefined();
    },
  );

  it('never calls it dead while any vantage point says active', () => {
    fc.assert(
      fc.property(evidence, sightings, (some, more) => {
        const after = [...some.after, seen('active'), ...more];
        const deadBy = { at, time: 0 };
        expect(judge({ ...some, after, deadBy }).verdict).toBe('alive');
      }),
    );
  });
});

describe('judge: a negative needs a positive control', () => {
  it('calls a negative without any control unknown', () => {
    const judgement = judge(evidenceOf({ after: [seen('inactive')] }));
    expect(judgement).toEqual({ outcome: 'unconfirmed', verdict: 'unknown' });
  });

  it('calls it dead when this attempt saw it active before', () => {
    const judgement = judge(evidenceOf({ before: [seen('active', now - 50)], after: [seen('inactive')] }));
    expect(judgement.proof).toEqual({
      kind: 'refused',
      vantages: ['introspection'],
      control: 'seen-active-before',
      at,
    });
    expect(judgement).toMatchObject({ verdict: 'dead', outcome: 'accepted', seenActiveAt: now - 50 });
  });

  it('calls it dead when an earlier attempt saw it active within the minute', () => {
    const judgement = judge(evidenceOf({ seenActiveAt: now - 60_000, after: [seen('inactive')] }));
    expect(judgement.proof).toMatchObject({ control: 'seen-active-before' });
  });

  // An authority that stopped to answer us truthfully hours after a sighting had its negatives believed.
  it('calls it unknown when it was seen active longer ago, unless a canary vouches too', () => {
    const old = { seenActiveAt: now - 60_001, after: [seen('inactive')] };
    expect(judge(evidenceOf(old)).verdict).toBe('unknown');
    expect(judge(evidenceOf({ ...old, canaryAt: now })).proof).toMatchObject({ control: 'canary' });
  });

  it('calls it dead when a canary answered active within the minute', () => {
    const judgement = judge(evidenceOf({ canaryAt: now - 60_000, after: [seen('inactive')] }));
    expect(judgement.proof).toMatchObject({ kind: 'refused', control: 'canary' });
  });

  it('calls it unknown when the canary is older than a minute', () => {
    const judgement = judge(evidenceOf({ canaryAt: now - 60_001, after: [seen('inactive')] }));
    expect(judgement).toEqual({ outcome: 'unconfirmed', verdict: 'unknown' });
  });

  it('calls it unknown when the canary vouches for only one of two negatives', () => {
    const after = [seen('inactive', now), seen('inactive', now - 70_000)];
    expect(judge(evidenceOf({ canaryAt: now, after })).verdict).toBe('unknown');
  });

  it('takes a negative before the revocation for no control', () => {
    const judgement = judge(evidenceOf({ before: [seen('inactive')], after: [seen('inactive')] }));
    expect(judgement.verdict).toBe('unknown');
  });

  it('names the sighting rather than the canary where it has both', () => {
    const judgement = judge(evidenceOf({ seenActiveAt: now - 1, canaryAt: now, after: [seen('inactive')] }));
    expect(judgement.proof).toMatchObject({ control: 'seen-active-before' });
  });
});

describe('judge: a client that does not get in', () => {
  const refused = { ...seen('inactive'), vantage: 'token-endpoint' } as const;

  it('says nothing of its key, however lately that was accepted', () => {
    const judged = judge(evidenceOf({ after: [refused], seenActiveAt: now - 1 }));
    expect(judged).toMatchObject({ verdict: 'unknown' });
    expect(judged.proof).toBeUndefined();
  });

  it('has its key dead where another key of it gets in at that time', () => {
    const judged = judge(evidenceOf({ after: [refused], seenActiveAt: now - 1, canaryAt: now }));
    expect(judged).toMatchObject({ verdict: 'dead', proof: { control: 'canary' } });
  });
});

describe('judge: the answer to the revocation', () => {
  it('is no evidence when nothing was seen afterwards', () => {
    const judgement = judge(evidenceOf({ before: [seen('active')], revoked: { kind: 'accepted' } }));
    expect(judgement).toMatchObject({ outcome: 'unconfirmed', verdict: 'unknown' });
  });

  it('changes neither verdict nor proof, whatever it is', () => {
    fc.assert(
      fc.property(evidence, revokeOutcome, (some, other) => {
        const { verdict, proof } = judge(some);
        expect(judge({ ...some, revoked: other })).toMatchObject({ verdict, ...(proof && { proof }) });
      }),
    );
  });

  it('leaves a proof exactly where the verdict is dead', () => {
    fc.assert(
      fc.property(evidence, (some) => {
        const { verdict, proof } = judge(some);
        expect(proof !== undefined).toBe(verdict === 'dead');
      }),
    );
  });
});

describe('judge: when it was last seen active', () => {
  it('tells the latest of all sightings', () => {
    const before = [seen('active', now - 30), seen('active', now - 10)];
    expect(judge(evidenceOf({ before, seenActiveAt: now - 99 })).seenActiveAt).toBe(now - 10);
  });

  it('keeps what an earlier attempt saw when this one saw nothing', () => {
    expect(judge(evidenceOf({ seenActiveAt: now - 99 })).seenActiveAt).toBe(now - 99);
  });

  it('says nothing when it was never seen', () => {
    expect(judge(evidenceOf({ after: [seen('inactive')] }))).not.toHaveProperty('seenActiveAt');
  });
});
