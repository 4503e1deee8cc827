import { describe, expect, it } from 'vitest';
import { type Attempt, settle } from '../../../../lib/domain/decisions/proof/settle.ts';
import { at, credentialOf, evidenceOf, now, obligationOf, rfc3339, seen } from '../../objects.ts';

const expiresAt = '2026-01-31T10:00:00Z';
const attempt = (over: Partial<Attempt> = {}): Attempt => ({
  obligation: obligationOf(),
  credential: credentialOf({ state: 'condemned' }),
  evidence: evidenceOf(),
  retryAt: rfc3339(now + 2_000),
  ...over,
});
const unsupported = evidenceOf({ revoked: { kind: 'unsupported' } });

describe('settle', () => {
  it('ends an obligation whose credential is proven dead', () => {
    const evidence = evidenceOf({ seenActiveAt: now - 1, after: [seen('inactive')] });
    expect(settle(attempt({ evidence })).state).toBe('dead');
  });

  it('leaves it open without proof', () => {
    expect(settle(attempt({ evidence: evidenceOf({ after: [seen('unknown')] }) })).state).toBe('open');
  });

  it('leaves it open when the credential is still alive', () => {
    expect(settle(attempt({ evidence: evidenceOf({ after: [seen('active')] }) })).state).toBe('open');
  });

  it('drains what cannot be revoked and is known to lapse', () => {
    const credential = credentialOf({ state: 'condemned', expiresAt });
    expect(settle(attempt({ credential, evidence: unsupported }))).toMatchObject({
      state: 'draining',
      deadBy: expiresAt,
    });
  });

  it('leaves open what cannot be revoked and never lapses', () => {
    expect(settle(attempt({ evidence: unsupported }))).toMatchObject({ state: 'open' });
  });

  it('does not drain what can be revoked, although it lapses', () => {
    const credential = credentialOf({ state: 'condemned', expiresAt });
    expect(settle(attempt({ credential })).state).toBe('open');
  });

  it('keeps draining by the time that was noted first', () => {
    const obligation = obligationOf({ state: 'draining', deadBy: at });
    const credential = credentialOf({ state: 'draining', expiresAt });
    expect(settle(attempt({ obligation, credential, evidence: unsupported }))).toMatchObject({
      state: 'draining',
      deadBy: at,
    });
  });

  it('ends a draining one once its life has lapsed', () => {
    const obligation = obligationOf({ state: 'draining', deadBy: rfc3339(now - 300_001) });
    const deadBy = { at: rfc3339(now - 300_001), time: now - 300_001 };
    const evidence = { ...unsupported, deadBy, after: [seen('inactive')] };
    expect(settle(attempt({ obligation, evidence })).state).toBe('dead');
  });
});
