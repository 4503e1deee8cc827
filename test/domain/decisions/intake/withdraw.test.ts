import { describe, expect, it } from 'vitest';
import { decideWithdrawal } from '../../../../lib/domain/decisions/intake/withdraw.ts';
import { at, caseOf, entryOf, fenceOf, only, stampOf, withdrawalOf } from '../../objects.ts';
import { consentId } from '../../../../lib/domain/ids.ts';

const consent = (generation: number) => ({ id: consentId('consent-1'), generation });

describe('decideWithdrawal', () => {
  it('writes fence, signal, case, event and entry in one transaction, the fence first', () => {
    const { writes } = decideWithdrawal(withdrawalOf(), undefined, stampOf());
    expect(writes.map(({ kind }) => kind)).toEqual([
      'raise-fence',
      'see-signal',
      'open-case',
      'queue-event',
      'queue-event',
      'append-entry',
    ]);
  });

  it('raises the fence to the generation that the sender names, where none stood', () => {
    const { writes } = decideWithdrawal(withdrawalOf({ consent: consent(7) }), undefined, stampOf());
    expect(only(writes, 'raise-fence')).toMatchObject([{ from: null, fence: { generation: 7, at } }]);
  });

  it('raises a lower fence from where it stands', () => {
    const { writes } = decideWithdrawal(
      withdrawalOf({ consent: consent(7) }),
      fenceOf({ generation: 3 }),
      stampOf(),
    );
    expect(only(writes, 'raise-fence')).toMatchObject([{ from: 3, fence: { generation: 7 } }]);
  });

  it('opens the case of this withdrawal with one node to walk', () => {
    const decision = decideWithdrawal(withdrawalOf(), undefined, stampOf());
    expect(decision).toMatchObject({ kind: 'fence', case: caseOf() });
    expect(only(decision.writes, 'open-case')).toEqual([
      {
        kind: 'open-case',
        case: caseOf(),
        root: { kind: 'consent', id: 'consent-1', generation: 1 },
        dueAt: at,
      },
    ]);
  });

  it('makes one case of two reports of one withdrawal', () => {
    const bank = decideWithdrawal(withdrawalOf({ by: 'bank' }), undefined, stampOf());
    const partner = decideWithdrawal(withdrawalOf({ by: 'partner' }), undefined, stampOf());
    expect(only(bank.writes, 'open-case')[0]?.case.id).toBe(only(partner.writes, 'open-case')[0]?.case.id);
  });

  it('claims no completeness in the event that opens the case', () => {
    const [queued] = only(decideWithdrawal(withdrawalOf(), undefined, stampOf()).writes, 'queue-event');
    expect(queued?.event.type).toBe('Case Opened');
    expect(queued?.event.detail).not.toHaveProperty('completeAt');
    expect(queued?.event.detail).toMatchObject({ effectAt: at, planned: 0, dead: 0, open: 0, uncovered: 0 });
  });

  it.each([1, 2])('opens nothing under a fence that already stands %i above', (above) => {
    const fence = fenceOf({ generation: 4 + above - 1 });
    const decision = decideWithdrawal(withdrawalOf({ consent: consent(4) }), fence, stampOf());
    expect(decision.kind).toBe('already-fenced');
    expect(decision.writes.map(({ kind }) => kind)).toEqual(['see-signal', 'append-entry']);
  });

  it('names the case that fenced it already', () => {
    const fence = fenceOf({ generation: 2 });
    const decision = decideWithdrawal(withdrawalOf(), fence, stampOf());
    expect(entryOf(decision.writes)).toMatchObject({ kind: 'withdrawn', facts: { fencedBy: fence.case } });
  });

  it('records who withdrew, when, and which message said so', () => {
    const { writes } = decideWithdrawal(withdrawalOf({ reason: 'moved banks' }), undefined, stampOf());
    expect(entryOf(writes)).toMatchObject({
      kind: 'withdrawn',
      subject: `case/${caseOf().id}`,
      facts: {
        by: 'customer',
        reason: 'moved banks',
        signal: 'event-1',
        generation: 1,
        digest: 'd'.repeat(64),
      },
    });
  });
});
