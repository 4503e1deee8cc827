import { describe, expect, it } from 'vitest';
import {
  decideConsentExpiry,
  decideCredentialExpiry,
} from '../../../../lib/domain/decisions/intake/expire.ts';
import { consentOf, credentialOf, entryOf, fenceOf, stampOf } from '../../objects.ts';

const kinds = (writes: readonly { readonly kind: string }[]) => writes.map(({ kind }) => kind);

describe('decideCredentialExpiry', () => {
  it('condemns a live credential in a case of its own, planned and ready to be worked', () => {
    const { case: opened, writes } = decideCredentialExpiry(
      credentialOf({ expiresAt: '2026-01-01T00:00:00Z' }),
      true,
      stampOf(),
    );
    expect(opened).toMatchObject({ id: 'credential-expired/bank:rt-1/1/1', state: 'working', cursors: 0 });
    expect(kinds(writes)).toEqual([
      'move-credential',
      'open-case',
      'open-obligation',
      'add-tally',
      'queue-event',
      'queue-event',
      'append-entry',
    ]);
    expect(entryOf(writes)).toMatchObject({
      kind: 'expired',
      case: opened?.id,
      facts: { expiresAt: '2026-01-01T00:00:00Z' },
    });
  });

  it('counts one that no connector can kill as uncovered', () => {
    const { writes } = decideCredentialExpiry(credentialOf(), false, stampOf());
    expect(writes.find(({ kind }) => kind === 'add-tally')).toMatchObject({
      tally: { planned: 1, open: 1, uncovered: 1 },
    });
  });

  it.each(['condemned', 'draining', 'dead'] as const)('only takes a %s one off the list', (state) => {
    const expiry = decideCredentialExpiry(credentialOf({ state }), true, stampOf());
    expect(expiry.case).toBeUndefined();
    expect(kinds(expiry.writes)).toEqual(['clear-due']);
  });
});

describe('decideConsentExpiry', () => {
  it('raises the fence of a withdrawal and plans from the consent', () => {
    const { case: opened, writes } = decideConsentExpiry(
      consentOf({ generation: 3 }),
      fenceOf({ generation: 2 }),
      stampOf(),
    );
    expect(opened).toMatchObject({ id: 'consent-expired/consent-1/3/1', state: 'open', cursors: 1 });
    expect(kinds(writes)).toEqual([
      'raise-fence',
      'clear-due',
      'open-case',
      'queue-event',
      'queue-event',
      'append-entry',
    ]);
    expect(writes[0]).toMatchObject({ from: 2, fence: { generation: 3 } });
  });

  it.each([3, 4])('only takes it off the list under a fence of generation %i', (generation) => {
    const expiry = decideConsentExpiry(consentOf({ generation: 3 }), fenceOf({ generation }), stampOf());
    expect(expiry.case).toBeUndefined();
    expect(kinds(expiry.writes)).toEqual(['clear-due']);
  });
});
