import { describe, expect, it } from 'vitest';
import { decideRejection } from '../../../../lib/domain/decisions/intake/reject.ts';
import { at, entryOf, stampOf } from '../../objects.ts';

const rejection = { code: 'malformed', reason: 'id: must be given', digest: 'a'.repeat(64) } as const;

describe('decideRejection', () => {
  it('leaves a trace of the digest that is written once', () => {
    const [seen] = decideRejection(rejection, { source: 'bank.consents' }, stampOf());
    expect(seen).toEqual({ kind: 'see-rejection', digest: rejection.digest, reason: 'malformed', at });
  });

  it('records code, reason and digest in one entry', () => {
    expect(entryOf(decideRejection(rejection, { source: 'bank.consents' }, stampOf()))).toMatchObject({
      kind: 'rejected',
      subject: `signal/${rejection.digest}`,
      changes: [],
      facts: rejection,
    });
  });
});
