import { describe, expect, it } from 'vitest';
import { decideWithdrawal } from '../../../lib/domain/decisions/intake/withdraw.ts';
import type { Write } from '../../../lib/domain/transaction/write.ts';
import { countFacts } from '../../../lib/wire/metrics/count-facts.ts';
import { credentialOf, stampOf, withdrawalOf } from '../../domain/objects.ts';

const counted = (writes: readonly Write[]) => Object.fromEntries(countFacts(writes));

describe('countFacts', () => {
  it('tells of a withdrawal that it was taken, and of its fence', () => {
    const { writes } = decideWithdrawal(withdrawalOf(), undefined, stampOf());
    expect(counted(writes)).toEqual({ AnnouncementsTaken: 1, FencesRaised: 1 });
  });

  it('counts each credential that is dead, and none that is condemned or drains', () => {
    const moved = (to: 'condemned' | 'draining' | 'dead'): Write => ({
      kind: 'move-credential',
      credential: credentialOf(),
      round: 1,
      from: 'live',
      to,
    });
    expect(counted([moved('dead'), moved('condemned'), moved('dead'), moved('draining')])).toEqual({
      CredentialsProvenDead: 2,
    });
  });

  it('tells nothing of bookkeeping', () => {
    expect(counted([])).toEqual({});
  });
});
