import { describe, expect, it } from 'vitest';
import { judge } from '../../../../lib/domain/decisions/proof/judge.ts';
import { evidenceOf, now, seen } from '../../objects.ts';

const dead = { seenActiveAt: now - 1, after: [seen('inactive')] };

describe('judge: the outcome of an attempt', () => {
  it('is accepted when the revocation was taken and the credential is proven dead', () => {
    expect(judge(evidenceOf(dead)).outcome).toBe('accepted');
  });

  it('is already-gone when the authority says so and the credential is proven dead', () => {
    expect(judge(evidenceOf({ ...dead, revoked: { kind: 'already-gone' } })).outcome).toBe('already-gone');
  });

  it('is already-gone when it was inactive before we revoked', () => {
    expect(judge(evidenceOf({ ...dead, before: [seen('inactive')] })).outcome).toBe('already-gone');
  });

  it('is accepted when one of two vantage points still saw it active before we revoked', () => {
    const before = [seen('inactive'), seen('active')];
    expect(judge(evidenceOf({ ...dead, before })).outcome).toBe('accepted');
  });

  it('is refused when the authority refused us and nothing is proven', () => {
    const revoked = { kind: 'refused', because: 'invalid-client' } as const;
    expect(judge(evidenceOf({ revoked })).outcome).toBe('refused');
  });

  it.each([
    { kind: 'accepted' },
    { kind: 'already-gone' },
    { kind: 'unsupported' },
    { kind: 'unconfirmed', because: 'http-503' },
  ] as const)('is unconfirmed after $kind without proof', (revoked) => {
    expect(judge(evidenceOf({ revoked, after: [seen('unknown')] })).outcome).toBe('unconfirmed');
  });

  it('is unconfirmed when the authority accepted and the credential is still alive', () => {
    expect(judge(evidenceOf({ after: [seen('active')] })).outcome).toBe('unconfirmed');
  });
});
