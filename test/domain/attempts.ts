import fc from 'fast-check';
import { type Attempt, settle, type Settled } from '../../lib/domain/decisions/proof/settle.ts';
import { credentialId } from '../../lib/domain/ids.ts';
import type { Sighting } from '../../lib/domain/case/sighting.ts';
import { credentialOf, evidenceOf, now, obligationOf, rfc3339, seen } from './objects.ts';

const sightings = fc.array(
  fc.constantFrom<Sighting['answer']>('active', 'inactive', 'unknown').map((answer) => seen(answer)),
  { maxLength: 2 },
);

/** Any attempt at a credential that is condemned or further, with an obligation that is open or draining. */
export const anyAttempt: fc.Arbitrary<Attempt> = fc
  .record({
    draining: fc.boolean(),
    uncovered: fc.boolean(),
    attempts: fc.nat(20),
    credential: fc.constantFrom('condemned' as const, 'draining' as const, 'dead' as const),
    expires: fc.boolean(),
    before: sightings,
    after: sightings,
    seenActiveAt: fc.option(fc.constant(now - 5_000), { nil: undefined }),
    unsupported: fc.boolean(),
    lapsed: fc.boolean(),
  })
  .map((made) => {
    const deadBy = now + (made.lapsed ? -400_000 : 400_000);
    return {
      obligation: obligationOf({
        state: made.draining ? 'draining' : 'open',
        uncovered: made.uncovered && !made.draining,
        attempts: made.attempts,
        ...(made.draining && { deadBy: rfc3339(deadBy) }),
      }),
      credential: credentialOf({
        state: made.credential,
        ...(made.expires && { expiresAt: rfc3339(deadBy) }),
      }),
      evidence: evidenceOf({
        before: made.before,
        after: made.after,
        seenActiveAt: made.seenActiveAt,
        revoked: { kind: made.unsupported ? 'unsupported' : 'accepted' },
        ...(made.draining && { deadBy: { at: rfc3339(deadBy), time: deadBy } }),
      }),
      retryAt: rfc3339(now + 2_000),
    };
  });

/** A group of settled attempts, each at a credential of its own. */
export const anyGroup: fc.Arbitrary<Settled[]> = fc
  .array(anyAttempt, { minLength: 1, maxLength: 25 })
  .map((attempts) =>
    attempts.map((attempt, index) => {
      const id = credentialId(`rt-${index}`);
      return settle({
        ...attempt,
        obligation: { ...attempt.obligation, id },
        credential: { ...attempt.credential, id },
      });
    }),
  );
