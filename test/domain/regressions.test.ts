import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/domain/decisions/proof/judge.ts';
import { authorityId, credentialId } from '../../lib/domain/ids.ts';
import { authorityName, credentialName, obligationName, partnerName } from '../../lib/domain/names.ts';
import { caseOf, evidenceOf, now, rfc3339, seen } from './objects.ts';

const time = now - 600_000;
const lapsed = { at: rfc3339(time), time };

describe('a lapse', () => {
  // A draining token was seen active, then the server timed out: its own exp had passed, and it was called dead.
  it('proves nothing against a vantage point that said active after it, in this very attempt', () => {
    const before = [seen('active', now - 1_000)];
    const evidence = evidenceOf({
      before,
      revoked: { kind: 'unsupported' },
      after: [seen('unknown')],
      deadBy: lapsed,
    });
    expect(judge(evidence).verdict).toBe('unknown');
  });

  // The entry said "accepted" of a revocation that was never sent.
  it('does not claim that a revocation was accepted', () => {
    const evidence = evidenceOf({
      revoked: { kind: 'refused', because: 'no-handle' },
      after: [seen('inactive')],
      deadBy: lapsed,
    });
    expect(judge(evidence)).toMatchObject({ verdict: 'dead', outcome: 'refused', proof: { kind: 'lapsed' } });
  });
});

describe('names in the ledger', () => {
  // (a/b, c) and (a, b/c) shared a name: planning took the second for planned and lost it.
  it('are different for ids with slashes', () => {
    const x = { authority: authorityId('a/b'), id: credentialId('c') };
    const y = { authority: authorityId('a'), id: credentialId('b/c') };
    expect(credentialName(x)).not.toBe(credentialName(y));
    expect(obligationName({ ...x, case: caseOf().id })).not.toBe(obligationName({ ...y, case: caseOf().id }));
    expect([partnerName('a/b'), authorityName('a/b')]).toEqual(['partner/a%2Fb', 'authority/a%2Fb']);
  });
});
