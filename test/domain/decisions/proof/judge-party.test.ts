import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../../lib/domain/decisions/proof/judge.ts';
import { skewSeconds } from '../../../../lib/domain/limits.ts';
import type { RevokeOutcome, Sighting } from '../../../../lib/domain/case/sighting.ts';
import { at, evidenceOf, now, rfc3339, seen } from '../../objects.ts';

// "inactive" is also said of a token of somebody else's (RFC 7662 section 2.2)
const seenAsParty = (answer: Sighting['answer'], time = now): Sighting => ({
  ...seen(answer, time),
  vantage: 'introspection-as-party',
});
const refused = { kind: 'refused', because: 'invalid-request' } as const;

describe('judge: what a party sees', () => {
  it('is no death because a canary was active: that says we are heard, not that the token is ours', () => {
    const foreign = { revoked: refused, after: [seenAsParty('inactive')], canaryAt: now };
    expect(judge(evidenceOf(foreign))).toEqual({ outcome: 'refused', verdict: 'unknown' });
  });

  it('is death where it saw the very token active within the minute', () => {
    const own = { before: [seenAsParty('active', now - 60_000)], after: [seenAsParty('inactive')] };
    expect(judge(evidenceOf(own))).toMatchObject({
      verdict: 'dead',
      outcome: 'accepted',
      proof: { vantages: ['introspection-as-party'], control: 'seen-active-before' },
    });
  });

  it('is no death where that was longer ago, also with a canary of today', () => {
    const old = { seenActiveAt: now - 60_001, after: [seenAsParty('inactive')], canaryAt: now };
    expect(judge(evidenceOf(old)).verdict).toBe('unknown');
  });

  it('is no death where only the other of two vantage points may have a canary', () => {
    const after = [seen('inactive'), seenAsParty('inactive')];
    expect(judge(evidenceOf({ after, canaryAt: now })).verdict).toBe('unknown');
  });

  it('is no lapse of a token that it never saw active: the sender alone said when it ends', () => {
    const over = now - skewSeconds * 1000 - 1;
    const deadBy = { at: rfc3339(over), time: over };
    const lapsed = { revoked: { kind: 'unsupported' }, deadBy, after: [seenAsParty('inactive')] } as const;
    expect(judge(evidenceOf({ ...lapsed, canaryAt: now })).verdict).toBe('unknown');
    expect(judge(evidenceOf({ ...lapsed, seenActiveAt: over - 1 })).proof).toMatchObject({ kind: 'lapsed' });
  });

  it('never proves dead what no answer ever called active', () => {
    const answers = fc.array(
      fc.constantFrom<Sighting['answer']>('inactive', 'unknown').map((answer) => seenAsParty(answer)),
      { maxLength: 3 },
    );
    const revoked = fc.constantFrom<RevokeOutcome>(
      { kind: 'accepted' },
      { kind: 'already-gone' },
      { kind: 'unsupported' },
      refused,
      { kind: 'unconfirmed', because: 'timeout' },
    );
    const canaryAt = fc.option(fc.constant(now), { nil: undefined });
    const deadBy = fc.option(fc.constant({ at, time: 0 }), { nil: undefined });
    fc.assert(
      fc.property(answers, revoked, answers, canaryAt, deadBy, (before, told, after, canary, lapses) => {
        const evidence = evidenceOf({ before, revoked: told, after, canaryAt: canary, deadBy: lapses });
        expect(judge(evidence).verdict).toBe('unknown');
      }),
    );
  });
});
