import { describe, expect, it } from 'vitest';
import type { Case } from '../../../../lib/domain/case/case.ts';
import type { Credential } from '../../../../lib/domain/inventory/credential.ts';
import {
  collateralNamesMax,
  decideAcceptance,
  waitsForApproval,
} from '../../../../lib/domain/decisions/operate/approve.ts';
import { credentialId } from '../../../../lib/domain/ids.ts';
import type { Obligation } from '../../../../lib/domain/case/obligation.ts';
import {
  at,
  caseOf,
  credentialOf,
  credentialsOf,
  entryOf,
  now,
  obligationOf,
  rfc3339,
  stampOf,
} from '../../objects.ts';

const blocked = 'refused/alive revocation:collateral introspection:active';
const alice = { by: 'alice', reason: 'the customer wants both gone' };
const decide = (
  over: Partial<Obligation>,
  { of = caseOf({ state: 'working' }), ends = [] }: { of?: Case; ends?: readonly Credential[] } = {},
) => {
  const obligation = obligationOf({ last: blocked, attempts: 2, dueAt: rfc3339(now + 9), ...over });
  return { obligation, decision: decideAcceptance({ case: of, obligation, ends }, alice, stampOf()) };
};

describe('decideAcceptance', () => {
  it('accepts what collateral blocks, makes it due now, and names who, why and what ends with it', () => {
    const ends = [credentialOf({ id: credentialId('rt/2') })];
    const { obligation, decision } = decide({}, { ends });
    expect(decision).toMatchObject({
      kind: 'accept',
      writes: [{ kind: 'accept-collateral', obligation, dueAt: at }, { kind: 'append-entry' }],
    });
    expect(entryOf('writes' in decision ? decision.writes : [])).toMatchObject({
      kind: 'approved',
      subject: `case/${obligation.case}`,
      case: obligation.case,
      changes: [],
      facts: { credential: 'credential/bank/rt-1', ...alice, count: 1, ends: ['credential/bank/rt%2F2'] },
    });
  });

  it('counts all that ends with it, and names as many as one entry holds', () => {
    const { decision } = decide({}, { ends: credentialsOf(collateralNamesMax + 7) });
    const { facts } = entryOf('writes' in decision ? decision.writes : []);
    expect(facts['count']).toBe(collateralNamesMax + 7);
    expect(facts['ends']).toHaveLength(collateralNamesMax);
  });

  it.each(['open', 'draining'] as const)('accepts one that is %s', (state) => {
    expect(decide({ state }).decision.kind).toBe('accept');
  });

  it.each([
    ['it is dead', { state: 'dead' }, {}, 'ended-already'],
    ['it is waived', { state: 'waived' }, {}, 'ended-already'],
    ['it was never tried', { last: undefined }, {}, 'not-blocked'],
    ['another thing stood in the way', { last: 'refused/alive revocation:no-handle' }, {}, 'not-blocked'],
    [
      'the walk may still come to the others',
      { last: 'unconfirmed/alive revocation:unplanned' },
      {},
      'not-blocked',
    ],
    ['only a code begins so', { last: 'refused/alive revocation:collateral-2' }, {}, 'not-blocked'],
    ['the case is closed', { state: 'dead' }, { of: caseOf({ state: 'closed' }) }, 'case-closed'],
  ] as const)('refuses where %s', (_, over, found, because) => {
    expect(decide(over as Partial<Obligation>, found).decision).toEqual({ kind: 'refused', because });
  });

  describe('of one that somebody accepted before', () => {
    const accepted = { collateral: 'accepted' } as const;

    it('writes no second entry, and makes it due now where it waits', () => {
      const { obligation, decision } = decide({ ...accepted, last: 'unconfirmed/alive revocation:timeout' });
      expect(decision).toEqual({
        kind: 'accepted-before',
        writes: [{ kind: 'postpone-obligation', obligation, dueAt: at }],
      });
    });

    it.each([
      ['it is due already', { dueAt: at }, 'working'],
      ['it is dead', { state: 'dead' }, 'working'],
      ['its case is closed', { state: 'dead' }, 'closed'],
    ] as const)('writes nothing where %s', (_, over, state) => {
      const { decision } = decide({ ...accepted, ...over }, { of: caseOf({ state }) });
      expect(decision).toEqual({ kind: 'accepted-before', writes: [] });
    });
  });
});

describe('waitsForApproval', () => {
  it.each([
    ['one that collateral blocks', {}, true],
    ['one that drains', { state: 'draining' }, true],
    ['one that was accepted', { collateral: 'accepted' }, false],
    ['one that is dead', { state: 'dead' }, false],
    ['one that another thing blocks', { last: 'refused/alive revocation:port' }, false],
  ] as const)('of %s is so: %j %s', (_, over, expected) => {
    expect(waitsForApproval(obligationOf({ last: blocked, ...over }))).toBe(expected);
  });
});
