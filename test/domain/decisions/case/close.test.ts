import { describe, expect, it } from 'vitest';
import { emptyTally, type Tally } from '../../../../lib/domain/case/case.ts';
import { decideClosing } from '../../../../lib/domain/decisions/case/close.ts';
import { at, caseOf, entryOf, only, stampOf } from '../../objects.ts';

const worked = caseOf({ state: 'working', cursors: 0, shards: 2, effectAt: '2026-01-31T09:00:00.000Z' });
const tally = (over: Partial<Tally>): Tally => ({ ...emptyTally, ...over });
const done = [tally({ planned: 3, dead: 2, waived: 1 }), tally({ planned: 1, dead: 1 })];
const close = (of = worked, tallies: readonly (Tally | undefined)[] = done) =>
  decideClosing(of, tallies, stampOf());

describe('decideClosing: what keeps a case open', () => {
  it.each<[string, Partial<Tally>]>([
    ['open', { planned: 1, open: 1 }],
    ['open and uncovered', { planned: 1, open: 1, uncovered: 1 }],
    ['draining', { planned: 1, draining: 1 }],
  ])('is one obligation that is %s, in any shard', (_, left) => {
    expect(close(worked, [tally({ planned: 3, dead: 3 }), tally(left)])).toBeUndefined();
  });

  it.each(['open', 'planning', 'closed'] as const)('is being %s', (state) => {
    expect(close({ ...worked, state })).toBeUndefined();
  });

  it('is a node that was not walked', () => {
    expect(close({ ...worked, cursors: 1 })).toBeUndefined();
  });
});

describe('decideClosing: the closing', () => {
  it('checks the plan marker in the state that it was read in', () => {
    expect(only(close() ?? [], 'move-case')).toEqual([
      {
        kind: 'move-case',
        case: worked.id,
        from: { state: 'working', cursors: 0 },
        to: { state: 'closed', cursors: 0 },
        completeAt: at,
      },
    ]);
  });

  it('checks every tally, also the ones that are not there', () => {
    const writes = close(worked, [done[0], undefined]) ?? [];
    expect(only(writes, 'require-tally')).toEqual([
      { kind: 'require-tally', case: worked.id, shard: 0, tally: done[0] },
      { kind: 'require-tally', case: worked.id, shard: 1, tally: emptyTally },
    ]);
  });

  it('announces effect and completeness apart, with counts that add up', () => {
    const [queued] = only(close() ?? [], 'queue-event');
    expect(queued?.event).toMatchObject({
      type: 'Case Closed',
      detail: {
        effectAt: '2026-01-31T09:00:00.000Z',
        completeAt: at,
        planned: 4,
        dead: 3,
        waived: 1,
        open: 0,
        uncovered: 0,
      },
    });
  });

  it('names the predecessor of a follow-up', () => {
    const first = caseOf();
    const [queued] = only(close({ ...worked, follows: first.id }) ?? [], 'queue-event');
    expect(queued?.event.detail).toMatchObject({ follows: first.id });
  });

  it('is one entry that names the change', () => {
    expect(entryOf(close() ?? [])).toMatchObject({
      kind: 'closed',
      subject: `case/${worked.id}`,
      changes: [{ item: `case/${worked.id}`, from: 'working', to: 'closed' }],
      facts: { planned: 4, dead: 3, waived: 1 },
    });
  });

  it('closes a case that found nothing', () => {
    expect(close(worked, [undefined, undefined])).toBeDefined();
  });
});
