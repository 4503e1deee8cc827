import { describe, expect, it } from 'vitest';
import {
  arrivedSince,
  decideExecution,
  decidePreview,
} from '../../../../lib/domain/decisions/operate/cut-off.ts';
import { conditionsOf, fenceOver } from '../../../../lib/domain/decisions/above.ts';
import { partnerId } from '../../../../lib/domain/ids.ts';
import { caseOf, credentialsOf, cutOffOf, entryOf, fenceOf, only, stampOf } from '../../objects.ts';

const subject = { type: 'partner', id: partnerId('fintech') } as const;
const about = { kind: 'emergency-ordered', subject } as const;
const standing = (state: 'working' | 'closed', generation = 1) => ({
  fence: fenceOf({ subject, generation, case: caseOf(about).id }),
  latest: caseOf({ ...about, state, cursors: 0 }),
});

/** P3, P4, P10. */
describe('decideExecution', () => {
  it('raises the fence first, uses the plan up and opens the case, in one transaction', () => {
    const decision = decideExecution(cutOffOf(), 'bob', undefined, stampOf());
    expect(decision.kind).toBe('order');
    const writes = decision.kind === 'order' ? decision.writes : [];
    expect(writes.map(({ kind }) => kind)).toEqual([
      'raise-fence',
      'require-partner',
      'use-cut-off',
      'open-case',
      'queue-event',
      'append-entry',
    ]);
    expect(only(writes, 'raise-fence')).toMatchObject([
      { fence: { subject, generation: 1, case: 'emergency-ordered/fintech/1/1' }, from: null },
    ]);
    expect(only(writes, 'require-partner')).toMatchObject([{ revision: 1 }]);
    expect(entryOf(writes)).toMatchObject({
      kind: 'ordered',
      facts: { by: 'bob', previewedBy: cutOffOf().by, count: 2 },
    });
  });

  it('raises a fence of an earlier registration', () => {
    const decision = decideExecution(cutOffOf({ revision: 2 }), 'bob', standing('closed'), stampOf());
    expect(decision).toMatchObject({ kind: 'order', case: { id: 'emergency-ordered/fintech/2/1' } });
    expect(decision.kind === 'order' && only(decision.writes, 'raise-fence')).toMatchObject([
      { from: 1, fence: { generation: 2 } },
    ]);
  });

  it('leaves the work to a case that runs', () => {
    expect(decideExecution(cutOffOf(), 'bob', standing('working'), stampOf())).toMatchObject({
      kind: 'running',
      case: { id: 'emergency-ordered/fintech/1/1' },
    });
  });

  it('follows one that has closed, under the fence that stands', () => {
    const decision = decideExecution(cutOffOf(), 'bob', standing('closed'), stampOf());
    expect(decision).toMatchObject({
      case: { id: 'emergency-ordered/fintech/1/2', follows: 'emergency-ordered/fintech/1/1' },
    });
    expect(decision.kind === 'order' && only(decision.writes, 'raise-fence')).toEqual([]);
  });
});

describe('decidePreview', () => {
  it('keeps the very set, fences nothing and condemns nothing', () => {
    const set = credentialsOf(3);
    const writes = decidePreview(cutOffOf(), set, stampOf());
    expect(writes.map(({ kind }) => kind)).toEqual(['add-cut-off', 'append-entry']);
    expect(only(writes, 'add-cut-off')[0]?.set).toEqual(set.map(({ authority, id }) => ({ authority, id })));
  });
});

describe('arrivedSince', () => {
  it('names what was not shown, and misses nobody who has gone', () => {
    const [a, b, c] = credentialsOf(3);
    if (!a || !b || !c) throw new Error('three were asked for');
    expect(arrivedSince([a, b], [b, c])).toEqual(['credential/bank/rt-2']);
    expect(arrivedSince([a, b], [a])).toEqual([]);
  });
});

describe('the fences above', () => {
  const consent = fenceOf({ generation: 2 });
  const partner = (generation: number, revision: number) => ({
    partner: { revision, fence: fenceOf({ subject, generation }) },
  });
  const ref = { id: consent.subject.id as never, generation: 2 };

  it('are the consent’s before the partner’s', () => {
    expect(fenceOver({ consent, ...partner(1, 1) }, ref)).toBe(consent);
  });

  it('let a partner in again whose revision is above its fence', () => {
    expect(fenceOver(partner(1, 2), ref)).toBeUndefined();
    expect(fenceOver(partner(2, 2), ref)?.subject).toEqual(subject);
  });

  it('are asked for again at the commit, in the revision that was read', () => {
    const what = { partner: partnerId('fintech'), consent: ref, name: 'credential/bank/rt-1' };
    expect(conditionsOf(what, {})).toMatchObject([
      { kind: 'require-partner', partner: 'fintech' },
      { kind: 'require-no-fence', subject, generation: 0 },
      { kind: 'require-no-fence', subject: { type: 'consent' }, generation: 2 },
    ]);
    expect(conditionsOf(what, partner(1, 2))).toMatchObject([
      { kind: 'require-partner', revision: 2 },
      { kind: 'require-no-fence', subject, generation: 2 },
      { kind: 'require-no-fence', subject: { type: 'consent' } },
    ]);
    expect(conditionsOf(what, partner(1, 1))).toMatchObject([{ kind: 'require-partner' }]);
  });

  it('are asked of one of the partner’s copies, always the same for one credential', () => {
    const copyOf = (name: string) =>
      conditionsOf({ partner: partnerId('fintech'), consent: undefined, name }, {}).flatMap((write) =>
        write.kind === 'require-no-fence' ? [write.copy] : [],
      );
    expect(copyOf('a')).toEqual(copyOf('a'));
    expect(new Set(Array.from({ length: 50 }, (_, n) => copyOf(`rt-${n}`)[0]))).toEqual(
      new Set([0, 1, 2, 3]),
    );
  });
});
